"""Who of those around a record gets to which page of the accounts: the map is walked, and a route not named here fails."""

from __future__ import annotations

import pytest

from tests.records import cast
from tests.records.cast import Family, Kept

OPEN = """
    come_back join kit_use left pin register register_invited send_join send_join_passphrase send_pin send_register_invited
    send_registration send_sign_in session_state sign_in sign_out signed_out unlock use_kit
"""
ONES_OWN = """
    again check_kit email end_sessions kit kit_check kit_pdf kit_picture leave make_kit name passphrase passphrase_changed
    renew_backup_codes replace_kit second_factor send_again send_email send_email_code send_leave send_name send_passphrase
    sessions settings start_second_factor stay turn_off_second_factor turn_on_second_factor welcome welcome_back
"""
PARENT = "quick_unlock turn_off_quick_unlock turn_off_quick_unlock_everywhere turn_on_quick_unlock"
STAFF = "start_together start_together_code"
MANAGER = """
    end_invitation end_staff end_start_again invite name_successor send_end_staff send_start_again staff start_again successor
"""
WORKERS = {"key_worker", "information_officer", "service_manager"}
EVERYBODY = WORKERS | {"parent", "practitioner", "provider"}
TABLE = {
    f"accounts.{name}": roles
    for names, roles in (
        (OPEN, EVERYBODY | {""}),
        (ONES_OWN, EVERYBODY),
        (PARENT, {"parent"}),
        (STAFF, WORKERS),
        (MANAGER, {"service_manager"}),
    )
    for name in names.split()
}


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Family:
    return cast.build(tmp_path_factory.mktemp("accounts") / "data")


def test_everybody_gets_to_the_pages_of_their_role_and_to_no_others(family):
    kept, found = Kept(family), []
    rules = [rule for rule in family.app.url_map.iter_rules() if rule.endpoint.startswith("accounts.")]
    assert {rule.endpoint for rule in rules} == set(TABLE), "Say in the table above who may use it."
    with family.app.test_request_context():
        urls = family.app.url_map.bind("localhost")
        ids = {"account_id": family.people["reads"].member.id}
        asked = [
            (rule.endpoint, method, urls.build(rule.endpoint, {name: ids[name] for name in rule.arguments}, method=method))
            for rule in rules
            for method in sorted(rule.methods & {"GET", "POST"})
        ]
    for one in family.people.values():
        for endpoint, method, address in asked:
            if one.role in TABLE[endpoint]:
                # What their own forms do is tested where they are; here it only matters who gets to them.
                wanted = {200, 302, 303, 400, 404} if method == "GET" else None
            else:
                wanted = {403} if one.role else ({302} if method == "GET" else {401})
            if wanted is None:
                continue
            data = {"csrf_token": one.token} if method == "POST" else None
            answer = one.client.open(address, method=method, data=data)
            if answer.status_code not in wanted:
                found.append(f"{one.name}: {method} {endpoint}: answered {answer.status_code}, not {wanted}")
            found += [f"{one.name}: {endpoint} shows {mark}" for mark in cast.MARKS if mark.encode() in answer.data]
            if method == "POST" and (changed := kept.changed()):
                found.append(f"{one.name}: {method} {endpoint} changed {changed}")
    assert not found, "\n".join(found)

"""Who gets what by which route: everybody, in every state of having been given something, at every address there is.

The table below names every route of the record once, by who may use it. A route that is not in it fails the first test. What is
refused changes nothing, and no answer to anybody has a word in it that they may not read.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from types import CellType

import pytest
from werkzeug.routing import Rule

from accounts import current, keyring
from plumbing import clock
from records import pages, store
from records.opened import Opened
from records.pages.blueprint import enter
from records.supported import FOOTINGS
from records.witness import Witness
from tests.records import cast, test_consent_holds
from tests.records.cast import ADDS, HOLDS, PUTS_IN, READS, Family, Kept, Somebody
from tests.records.pages.letters import photo

# Anybody, signed in or not: no page of these has anything of a record on it.
ANYBODY = """
    privacy words send_words put_in open_put_in put_in_thanks send_in enter_pack open_pack close_pack feed_file
"""
# Whoever has opened a pack in this browser, and sees what is in that.
GUEST = "read_pack pack_image pack_recording pack_pdf answer_by_slip send_slip slip_sent meeting_by_slip send_meeting_slip"
# Anybody signed in: what is theirs, or nobody's.
SIGNED_IN = """
    home desk recognise words_signed_in accept_words decline_words agreed_to_cover left_record left_holding close_just_us
    letters_of_current dates_of_current people_of_current keep_service
"""
PARENT = "first_steps make_record bring_in send_bring_in"
# Whoever holds the record, and nobody else.
HOLDER = """
    agree_meeting agree_minutes file_for_meeting getting_ready getting_ready_paper save_getting_ready answer_offer
    agree_plan keep_agreed circulate circulate_paper circulate_link confirm_progress move_in_plan
    fell_through keep_fell_through fell_through_words agree_change agree_keep_seeing agree_share answer_end arrange bin_ book
    bring_back change_grant close_link
    confirm_holder confirm_still_them decides delete_entry dividers drop_cover drop_keep_seeing edit_decides end_pack
    entry_history extend_grant feed give_back_grant give_link given_link go_on invitation invitation_waiting invite_holder
    just_us keep_decides keep_helper keep_seeing keep_waiting keep_young_no leave_holding leave_record letter_box letter_pdf
    log mail_invitation make_holder make_holder_words make_pack move_entry new_decides new_pack pack packs paper_
    pause_sharing print_about_me print_book read_change read_next read_share refuse_waiting reminders remove_decides
    resume_sharing save_arrangement save_book save_decides save_feed save_reminders send_away send_leave_holding
    send_leave_record share still_them stop_taken switch_on_cover take_away take_back_young_no take_words_back to_file
    keep_contact
    keep_apart one_meeting write_one_meeting one_meeting_paper keep_one_meeting tell_once tell_pack make_tell_pack tell_paper
    waiting_image waiting_letter waiting_original who_can_see withdraw_grant young_answer young_noes young_together original
"""
# The same here, because nobody was given a section with such things in it.
NOT_GIVEN = "about_me edit_about_me save_about_me"
# Whoever was given something, for the part that they were given.
READER = """
    year year_paper
    plan plan_paper agreed_plan
    appointment_file dates entry letters page_image people record recording search search_form section timeline_ tray
    file_draft
"""
# Whoever reads the plan: what others were given is no part of these.
PLAN_READER = "reviews"
# Whoever may put something into that section, by its own forms.
ADDER = """
    new_in_plan keep_in_plan answer_action keep_answer say_how keep_how
    new_entry keep_entry new_letter begin_letter new_voice begin_voice
"""
# The same, at a meeting.
AT_A_MEETING = """
    meeting_plan keep_meeting_plan answer_meeting keep_meeting_answer invite_to_meeting invitation_paper mail_meeting
    meeting_calendar minutes save_minutes new_review start_review
"""
# Who wrote it, and whoever holds the record.
AUTHOR = """
    action_done take_date review_done switch_review edit_entry save_entry bin_entry unbin_entry letter_pages add_page
    arrange_page drop_draft
    change_meeting_plan save_meeting_plan
"""
PUTTER = "give_in send_given given_thanks"
COPIER = "agency_copy make_agency_copy"
# Whoever has anything to do with the record: is it open by now?
WAITING = "taken_up taken_up_waiting"

TABLE = {
    f"records.{name}": door
    for door, names in {
        "anybody": ANYBODY,
        "guest": GUEST,
        "signed in": SIGNED_IN,
        "parent": PARENT,
        "holder": HOLDER + NOT_GIVEN,
        "reader": READER,
        "plan reader": PLAN_READER,
        "adder": ADDER + AT_A_MEETING,
        "author": AUTHOR,
        "putter": PUTTER,
        "copier": COPIER,
        "waiting": WAITING,
    }.items()
    for name in names.split()
}
# Places in the section that readers were given; what is in a draft, or in the bin, is not theirs.
THEIRS = {"given", "mine", "draft", "binned"}
DONE, TRIED = {200, 302, 303}, {200, 302, 303, 400, 404, 409}
# What is refused even to this family's holders: there is nothing of that kind, a file is asked for, or others hold it too.
NOT_HERE = {
    f"records.{name}"
    for name in """
    make_tell_pack keep_apart one_meeting write_one_meeting one_meeting_paper keep_one_meeting
    agree_meeting agree_minutes answer_meeting change_meeting_plan file_for_meeting getting_ready getting_ready_paper
    invitation_paper invite_to_meeting keep_meeting_answer mail_meeting meeting_calendar minutes save_getting_ready
    save_meeting_plan save_minutes answer_offer start_review review_done switch_review
    appointment_file confirm_holder pack_recording confirm_still_them drop_keep_seeing edit_decides make_holder original recording
    answer_by_slip agreed_plan keep_agreed circulate circulate_paper circulate_link confirm_progress fell_through_words
    move_in_plan meeting_by_slip
    new_in_plan keep_in_plan answer_action keep_answer say_how keep_how action_done take_date
    remove_decides save_decides still_them take_back_young_no waiting_original send_bring_in begin_voice send_leave_record
    """.split()
}


@dataclass(frozen=True)
class Asked:
    """One request: a route, a method, and where it leads. `place` says what its section and entry are."""

    rule: Rule
    method: str
    place: str
    address: str

    @property
    def door(self) -> str:
        return TABLE[self.rule.endpoint]

    def __str__(self) -> str:
        return f"{self.method} {self.rule.endpoint} ({self.place})"


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Family:
    return cast.build(tmp_path_factory.mktemp("matrix") / "data")


@pytest.fixture(scope="module")
def kept(family: Family) -> Kept:
    return Kept(family)


def rules_of(family: Family) -> list[Rule]:
    return [rule for rule in family.app.url_map.iter_rules() if rule.endpoint.startswith("records.")]


def walk(family: Family, methods: set[str], others: bool = True, **instead: str) -> list[Asked]:
    """Every route by every method; where a section or an entry stands in it, once for each there is.

    `instead` are parts of an address that are other than the family's.
    """
    found = []
    with family.app.test_request_context():
        urls = family.app.url_map.bind("localhost")
        for rule in rules_of(family):
            in_places = rule.arguments & {"section_id", "entry_id"}
            for place, values in family.places.items():
                parts = {name: instead.get(name) or _id_for(family, rule, name, values) for name in rule.arguments}
                for method in sorted(rule.methods & methods):
                    found.append(Asked(rule, method, place, urls.build(rule.endpoint, parts, method=method)))
                if not in_places or not others:
                    break
    return found


def _id_for(family: Family, rule: Rule, name: str, values: dict[str, str]) -> str:
    """Something real, as this route has it."""
    special = {
        "records.give_back_grant": "withdrawn",
        "records.answer_end": "expired",
        "records.switch_on_cover": "cover",
        "records.drop_cover": "cover",
        "records.waiting_image": "waiting",
    }
    if name in {"grant_id", "file_id"} and rule.endpoint in special:
        return family.ids[special[rule.endpoint]]
    return values.get(name) or family.ids.get(name, "0" * 32)


def may(one: Somebody, asked: Asked) -> bool:
    """What the table says."""
    if asked.place == "just us" and asked.rule.arguments & {"section_id", "entry_id"} and cast.JUST_US not in one.sees:
        return False
    parts = asked.rule.arguments
    given = one.can in {READS, ADDS} and asked.place in ({"given", "mine"} if "entry_id" in parts else THEIRS)
    return {
        "anybody": True,
        "guest": one.name == "guest",
        "signed in": bool(one.role),
        "parent": one.role == "parent",
        "holder": one.can == HOLDS,
        "reader": one.can == HOLDS or given or (one.can == PUTS_IN and not parts - {"record_id"}),
        "plan reader": one.can in {HOLDS, READS, ADDS},
        "adder": one.can == HOLDS or (one.can == ADDS and asked.place in THEIRS),
        "author": one.can == HOLDS or (one.can == ADDS and asked.place == "mine" and "entry_id" in parts),
        "putter": one.can == PUTS_IN,
        "copier": one.can in {READS, ADDS, PUTS_IN},
        "waiting": one.can != cast.NOTHING or one.refused == 403,
    }[asked.door]


def statuses(one: Somebody, asked: Asked) -> set[int]:
    """How such a request may be answered."""
    if not may(one, asked):
        if asked.door == "guest":
            return {302}
        if not one.role:
            return {302} if asked.method == "GET" else {401}
        if asked.door == "parent":
            return {403}
        return {one.refused}
    if asked.door in {"anybody", "signed in"}:
        return TRIED | {401, 410}
    # A holder has no page about what they themselves go on seeing.
    is_me = "account_id" in asked.rule.arguments and one.name == "holds it too"
    is_sure = asked.place == PLACES.get(asked.rule.endpoint, "given") and asked.rule.endpoint not in NOT_HERE and not is_me
    if asked.door == "copier" and one.can != READS:
        is_sure = False  # the page says that nothing may be copied
    return DONE if is_sure else TRIED


# Where something is done to what lies elsewhere than among what is kept.
PLACES = {"records.delete_entry": "binned", "records.unbin_entry": "binned", "records.drop_draft": "draft"}


def fields(family: Family, asked: Asked) -> dict[str, object]:
    """What somebody could plausibly type into any form of ours, so that nothing is refused for want of a word."""
    section = family.places[asked.place]["section_id"]
    day = (clock.today() + datetime.timedelta(days=20)).isoformat()
    taken_over = ("name", "title", "what", "words", "likes", "purpose", "note", "from_whom", "role")
    typed = dict.fromkeys(taken_over, "Taken over") | {
        "section": section,
        "sections": [section],
        "to": section,
        "wish": section,
        "who": "other",
        "verb": "read",
        "until": "six_months",
        "last_day": day,
        "colleagues": "nobody",
        "copies": "dates",
        "invite_to": "see",
        "version": family.places[asked.place].get("version", "1"),
        "do": "turn x",
        "how_much": "all",
        "months": "12",
        "label": "Letters",
        "called": "Yusuf",
        "born": "3 May 2019",
        "nation": "wales",
        "email": "somebody@example.com",
        "q": "quokka",
        "pin": "000000",
        "code": "0000-0000",
    }
    typed |= FIELDS.get(asked.rule.endpoint, {})
    if asked.rule.endpoint in WITH_FILES:
        typed["files"] = [(io.BytesIO(photo("Taken over")), "page.jpg")]
    return typed


FIELDS: dict[str, dict[str, object]] = {
    "records.save_feed": {"do": "new"},
    "records.keep_decides": {"footing": FOOTINGS[0]},
    "records.make_agency_copy": {"agency": "Northshire"},
    "records.save_about_me": {"matters": "Quiet", "version": "1"},
}
WITH_FILES = {f"records.{name}" for name in ("begin_letter", "add_page", "send_given", "send_in", "file_draft")}


def ask(family: Family, one: Somebody, asked: Asked):
    if asked.method == "GET":
        return one.client.get(asked.address)
    data = {"csrf_token": one.token} | fields(family, asked)
    return one.client.post(asked.address, data=data, content_type="multipart/form-data")


def may_change(one: Somebody, asked: Asked) -> bool:
    """Whether a request of this person may leave anything behind; a look leaves a line in the log, and nothing else."""
    if one.can == HOLDS:
        return True
    if asked.method == "GET":
        return False
    doors = {ADDS: {"adder", "author"}, PUTS_IN: {"putter"}}.get(one.can, set())
    return (asked.door in doors and may(one, asked)) or (asked.door == "parent" and one.role == "parent")


def problems_with(family: Family, kept: Kept, one: Somebody, asked: Asked, shown: set[str]) -> list[str]:
    """What was wrong with an answer; into `shown` go the marks that were on it."""
    answer, found = ask(family, one, asked), []
    if answer.status_code not in statuses(one, asked):
        found.append(f"answered {answer.status_code}, not {sorted(statuses(one, asked))}")
    marks = marks_in(answer.data)
    found += [f"shows {mark}" for mark in sorted(marks - one.sees)]
    shown |= marks
    if (changed := kept.changed()) and not may_change(one, asked):
        found.append(f"changed {changed}")
    kept.back()
    return [f"{one.name}: {asked}: {problem}" for problem in found]


def marks_in(data: bytes) -> set[str]:
    return {mark for mark in cast.MARKS if mark.encode() in data}


def test_no_route_is_forgotten(family):
    assert {rule.endpoint for rule in rules_of(family)} == set(TABLE), "Say in the table above who may use it."


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_gets_what_is_theirs_and_changes_nothing_else(family, kept, method):
    found, asked = [], 0
    for one in family.people.values():
        shown: set[str] = set()
        # Somebody who has nothing to do with the record is refused before it matters which entry it was.
        for request in walk(family, {method}, others=one.can in {HOLDS, READS, ADDS}):
            found += problems_with(family, kept, one, request, shown)
            asked += 1
        if method == "GET" and (missed := one.sees - shown - {cast.ELSEWHERE}):
            found.append(f"{one.name} was not shown {sorted(missed)}: what is looked for here could not be found.")
    assert not found, "\n".join(found)
    assert asked > 1000, "The map was walked."


def test_by_the_address_of_ones_own_record_nothing_of_anothers_is_reached(family, kept):
    nora, found, shown = family.people["stranger"], [], set()
    own = family.ids["elsewhere"]
    for asked in walk(family, {"GET", "POST"}, record_id=own):
        answer = ask(family, nora, asked)
        assert answer.status_code < 500
        shown |= marks_in(answer.data)
        if marks := marks_in(answer.data) - nora.sees:
            found.append(f"{asked} shows {marks}")
        if kept.changed() and (touched := kept.touched(own, nora.member.id)):
            found.append(f"{asked} changed {touched}")
        kept.back()
    assert not found, "\n".join(found)
    assert shown == {cast.ELSEWHERE}, "Her own she is shown."


# Consent without the ifs, by the pages


def _cells(view: object) -> Iterator[tuple[str, CellType]]:
    """What the decorators over a view have remembered."""
    while view:
        yield from zip(view.__code__.co_freevars, view.__closure__ or (), strict=True)
        view = getattr(view, "__wrapped__", None)


@pytest.fixture
def no_ifs(family, kept, monkeypatch):
    """Every question that a route, a page or a record asks before it opens something is answered with yes."""
    before = []

    def say(is_holder: bool) -> None:
        for endpoint in TABLE:
            for name, cell in _cells(family.app.view_functions[endpoint]):
                if name in {"roles", "is_enough"}:
                    before.append((cell, cell.cell_contents))
                    cell.cell_contents = () if name == "roles" else lambda _here: True
        for module in vars(pages).values():
            if hasattr(module, "enter_as_holder"):
                monkeypatch.setattr(module, "enter_as_holder", enter)
        monkeypatch.setattr(Opened, "is_holder", property(lambda _self: is_holder))
        monkeypatch.setattr(Opened, "may_add", lambda _self, _section: True)
        monkeypatch.setattr(Opened, "may_change", lambda _self, _entry: True)
        monkeypatch.setattr(Witness, "ended", lambda _self: set())
        monkeypatch.setattr(Witness, "is_gone", lambda _self, _record: False)
        monkeypatch.setattr(store, "wraps", test_consent_holds._every_wrap)
        monkeypatch.setattr(store, "terms_for", test_consent_holds._every_term)
        monkeypatch.setattr(store, "epochs_for", test_consent_holds._every_epoch)
        monkeypatch.setitem(family.app.config, "PROPAGATE_EXCEPTIONS", False)

    yield say
    for cell, content in before:
        cell.cell_contents = content
    kept.back()


def shown_to(family: Family, name: str) -> set[str]:
    """Every mark on every page, and in every file, at every address."""
    one, found = family.people[name], set()
    for asked in walk(family, {"GET"}):
        found |= marks_in(ask(family, one, asked).data)
    return found


@pytest.mark.parametrize("is_holder", [False, True])
def test_without_the_ifs_no_route_opens_anything_for_whoever_has_no_key(family, no_ifs, is_holder):
    nora, amina = family.people["stranger"].member, family.people["holds"].member
    with family.app.test_request_context():
        db = current.family()
        # She even knows the record's stamp, as a reader does.
        pins = keyring.read(db, amina.person())[family.ids["record_id"]]
        with db.conn:
            keyring.write(db, nora.person(), keyring.read(db, nora.person()) | {family.ids["record_id"]: pins | {"reads": True}})
    no_ifs(is_holder)
    for name in ("stranger", "expired", "withdrawn"):
        assert shown_to(family, name) <= {cast.ELSEWHERE}, name
    if not is_holder:
        assert shown_to(family, "reads") == {cast.SHARED, cast.ADDED, cast.PURPOSE, cast.BINNED}, (
            "With a key it opens, and no more."
        )

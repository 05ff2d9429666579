"""Every route says who may use it, looking changes nothing, and an address that was printed on paper goes on working."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from directory import store
from directory.feed.terms import TAXONOMIES
from plumbing.ids import IdConverter
from tests.conftest import create_app, settings_for

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Leaflets and letters carry these addresses: none may ever go.
PRINTED = (
    "/",
    "/search",
    "/categories",
    "/categories/<slug>",
    "/needs/<slug>",
    "/guides",
    "/guides/<slug>",
    "/services/<uuid:service_id>",
    "/organisations/<uuid:organization_id>",
    "/talk-now",
    "/shortlist",
    "/leaflets",
    "/leaflets/<slug>",
    "/news",
    "/news/<slug>",
    "/about-the-data",
    "/accessibility",
    "/privacy",
    "/sign-in",
    "/kit/use",
)
# Flask's own route for files: what stands in static/ is public by standing there.
FILES = "static"
PUBLIC = "public"
# What a provider opens and says by the link we sent.
PROVIDERS = ("link", "says_true", "says_closed", "says_not_us", "corrections", "sends_corrections")
# What somebody opens and says by the link in a mail of ours.
NEWS_LINKS = ("confirm_news", "send_confirm_news", "leave_news", "send_leave_news")
# Open routes that have a page only for somebody who comes with something.
ANSWER_A_QUESTION = {
    *("directory.followed_report", "directory.provider_link", "directory.provider_corrections", "directory.contact_link"),
    *("directory.leaflet", "directory.leaflet_pdf", "directory.news_issue", "directory.news_pdf"),
    *("directory.confirm_news", "directory.leave_news"),
    *("directory.nearest_place", "directory.document_file", "accounts.pin", "records.feed_file"),
    *(
        "records.read_pack",
        "records.pack_image",
        "records.pack_recording",
        "records.pack_pdf",
        "records.answer_by_slip",
        "records.meeting_by_slip",
        "records.slip_sent",
    ),
}


@pytest.fixture(scope="module")
def public_app(starter: Path) -> Flask:
    """Linkbook as families get it: not in development."""
    return create_app(settings_for(starter))


def _examples(db: Database, app: Flask) -> dict[str, dict[str, str]]:
    """For each route with parameters, something real to put in."""
    service = store.get_shown_services(db, store.all_service_ids(db)[:1])[0]
    listed = {"service_id": service.id}
    feed = app.extensions["feed"].index(db)
    link = next(id_ for id_, owner in feed.links.items() if store.get_shown_services(db, [owner]))
    return {
        FILES: {"filename": "icons/mark.svg"},
        "assets.show": {"name": next(iter(app.extensions["assets"]))},
        "api.service": listed,
        "api.service_at_location": {"link_id": link},
        "api.organization": {"organization_id": feed.naming.organization(service.organization) if service.organization else ""},
        "api.taxonomy": {"taxonomy_id": TAXONOMIES[0]["id"]},
        "api.taxonomy_term": {"term_id": feed.naming.terms.all[0]["id"]},
        "directory.sitemap_part": {"number": "1"},
        "directory.category": {"slug": "sleep"},
        "directory.need": {"slug": "autism"},
        "directory.guide": {"slug": "sleep"},
        "directory.leaflet": {"slug": "none-yet"},
        "directory.leaflet_pdf": {"slug": "none-yet"},
        **{f"directory.news_{name}": {"slug": "none-yet"} for name in ("issue", "pdf")},
        **{f"directory.{name}": {"token": "made-up"} for name in NEWS_LINKS},
        "directory.service": listed,
        "directory.report": listed,
        "directory.send_report": listed,
        "directory.report_thanks": listed,
        "directory.followed_report": {"reference": "0" * 16},
        **{f"directory.provider_{name}": {"token": "made-up"} for name in PROVIDERS},
        "directory.contact_link": {"token": "made-up"},
        "directory.contact_says": {"token": "made-up", "said": "true"},
        "directory.document_file": {"publication_id": "0" * 32},
        "records.feed_file": {"address": "made-up"},
        "records.send_in": {"link_id": "0" * 32},
        "records.answer_by_slip": {"entry_id": "0" * 32},
        "records.send_slip": {"entry_id": "0" * 32},
        "records.meeting_by_slip": {"entry_id": "0" * 32},
        "records.send_meeting_slip": {"entry_id": "0" * 32},
        "records.pack_image": {"file_id": "0" * 32},
        "records.pack_recording": {"file_id": "0" * 32},
        "directory.organization": {"organization_id": service.organization.id if service.organization else ""},
    }


def _access(app: Flask, rule: Rule) -> str:
    return PUBLIC if rule.endpoint == FILES else getattr(app.view_functions[rule.endpoint], "access", "")


def _addresses(app: Flask, db: Database, *, public: bool = True) -> dict[str, tuple[str, set[str]]]:
    """One real address for every rule that anybody may use, and the methods that it takes.

    Not `public`: for every other rule an address that leads to it, though not to anything that is there.
    """
    examples, found = _examples(db, app), {}
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            is_public = _access(app, rule) in {PUBLIC, "development"}
            if is_public != public:
                continue
            values = examples.get(rule.endpoint, {}) if public else {name: _made_up(rule, name) for name in rule.arguments}
            missing = rule.arguments - values.keys()
            assert not missing, f"Give {rule.endpoint} an example for {missing} above."
            address = urls.build(rule.endpoint, values, method=next(iter(rule.methods - {"OPTIONS"})))
            found[f"{rule.endpoint} {sorted(rule.methods)}"] = (address, rule.methods)
    return found


def _made_up(rule: Rule, name: str) -> str | int:
    """Something of the right shape to put into an address."""
    converter = rule._converters[name]
    if isinstance(converter, IdConverter):
        return "0" * 32
    if isinstance(converter, UUIDConverter):
        return str(uuid.UUID(int=0))
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


def _everything(data: Path) -> dict[str, str]:
    """All that is stored in the data folder's databases, as text."""
    dumps = {}
    for path in sorted(data.glob("*.db")):
        connection = sqlite3.connect(path)
        dumps[path.name] = "\n".join(connection.iterdump())
        connection.close()
    return dumps


def test_every_route_says_who_may_use_it(app):
    for rule in app.url_map.iter_rules():
        assert _access(app, rule), f"{rule.endpoint} does not say who may use it: add @public or @signed_in()."


def test_what_is_not_for_everybody_refuses_a_stranger(app, client, db):
    token = client.get("/sign-in").text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    asked = 0
    for address, methods in _addresses(app, db, public=False).values():
        for method in methods - {"HEAD", "OPTIONS"}:
            for headers in ({}, {"X-Linkbook": "fetch"}):
                answer = client.open(address, method=method, data={"csrf_token": token}, headers=headers)
                asked += 1
                if answer.status_code == 302:
                    assert answer.location.startswith("/sign-in"), f"{method} {address}"
                else:
                    assert answer.status_code in {401, 403, 404}, f"{method} {address}"
                assert answer.headers["Cache-Control"] == "no-store", f"{method} {address}"
    assert asked > 20


def test_only_the_components_page_is_for_developers(app):
    marked = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", "") == "development"
    }
    assert marked == {"/components"}


def test_outside_development_no_route_is_for_developers(public_app):
    views = public_app.view_functions.values()
    assert not [view for view in views if getattr(view, "access", "") == "development"]


def test_the_components_page_is_refused_outside_development(public_app):
    assert public_app.test_client().get("/components").status_code == 404


def test_the_components_page_is_there_in_development(client):
    assert client.get("/components").status_code == 200


@pytest.mark.parametrize("rule", PRINTED)
def test_no_printed_address_goes_away(public_app, rule):
    assert rule in {known.rule for known in public_app.url_map.iter_rules()}, f"{rule} is printed on paper: bring it back."


def test_every_page_answers_at_its_address(app, client, db):
    for name, (address, methods) in _addresses(app, db).items():
        if "GET" in methods and name.split()[0] not in ANSWER_A_QUESTION:
            assert client.get(address).status_code == 200, address


def test_looking_changes_nothing(own_app, own_data, own_db):
    addresses = _addresses(own_app, own_db)
    before, revision = _everything(own_data), store.revision(own_db)
    assert before["directory.db"].count("INSERT INTO") > 1000, "The dump should hold the whole directory."
    # Who asks for a calendar feed that is not there is counted: that is not looking, but guessing.
    shown = [known for name, known in addresses.items() if not name.startswith("records.feed_file ")]
    asked = [address for address, methods in shown if "GET" in methods]
    asked += ["/search?q=autism+alnwick", "/search?q=zzzz", "/places/nearest?lat=55.41&lon=-1.71", "/services/nobody", "/nowhere"]
    # A bare client: the answer to HEAD has no page to inspect.
    visitor = FlaskClient(own_app, own_app.response_class)
    for address in asked:
        for method in ("GET", "HEAD", "OPTIONS"):
            assert visitor.open(address, method=method).status_code < 500
    assert store.revision(own_db) == revision
    assert not store.list_reports(own_db)
    # Of a search that found nothing a count stays, and a mark for each of its words. That, and nothing else.
    for table in ("missed", "missed_word"):
        own_db.execute(f"DELETE FROM {table}")
    own_db.conn.commit()
    assert _everything(own_data) == before


def test_a_form_without_its_token_is_refused(own_app, own_client, own_data, own_db):
    before = _everything(own_data)["directory.db"]
    refused = 0
    for name, (address, methods) in _addresses(own_app, own_db).items():
        # A mail program stops a newsletter without ever having seen a form (RFC 8058): that link carries a mark of its own.
        if "POST" in methods and "send_leave_news" not in name:
            answer = own_client.post(address, data={"topic": "phone", "words": "The number is wrong."})
            assert answer.status_code == 400, address
            assert "That form was open for too long" in answer.text
            refused += 1
    assert refused >= 1
    assert _everything(own_data)["directory.db"] == before


def test_a_form_with_somebody_elses_token_is_refused(own_app, own_client, own_db):
    address = next(place for name, (place, _methods) in _addresses(own_app, own_db).items() if "directory.send_report" in name)
    other = own_app.test_client()
    token = other.get(address).text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    own_client.get(address)
    sent = {"csrf_token": token, "topic": "phone", "words": "The number is wrong."}
    assert own_client.post(address, data=sent).status_code == 400
    assert not store.list_reports(own_db)


@pytest.mark.parametrize("method", UNSAFE)
def test_a_route_refuses_what_it_was_not_made_for(own_app, own_client, own_db, method):
    addresses = _addresses(own_app, own_db).values()
    taken = {address for address, methods in addresses if method in methods}
    for address, _methods in addresses:
        if address not in taken:
            assert own_client.open(address, method=method).status_code == 405, f"{method} {address}"


@pytest.mark.parametrize(
    "address",
    [
        "/services/not-a-uuid",
        "/services/00000000-0000-0000-0000-000000000000",
        "/services/00000000-0000-0000-0000-000000000000/report",
        "/organisations/00000000-0000-0000-0000-000000000000",
        "/categories/nonsense",
        "/needs/nonsense",
        "/guides/nonsense",
        "/guides/../../app.py",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(client, address):
    assert client.get(address).status_code == 404


def test_a_withdrawn_listing_has_no_page_and_takes_no_report(own_db, own_client):
    id_ = store.all_service_ids(own_db)[0]
    with own_db.atomic():
        own_db.execute("UPDATE service SET status = 'inactive' WHERE id = ?", [id_])
        store.bump(own_db)
    assert [own_client.get(f"/services/{id_}{rest}").status_code for rest in ("", "/report", "/report/thanks")] == [410, 404, 404]

"""Everybody who could ask for a page of Yusuf's record, in every state of having been given something, each in their own browser.

Every word that somebody wrote has a mark in it, so that a page says whose words stand on it.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from accounts.current import family
from accounts.spoken import show_words
from plumbing import clock
from plumbing.db import open_db
from records import canonical, editing, holding, inviting, moving, packs, sharing, visits
from records.consent import TO_COVER, TO_HOLD, TO_SEE, day_number
from records.gate import Opened
from records.witness import Witness
from tests.conftest import plain_app
from tests.family import Member, fill, join_staff, sign_up, token_of
from tests.records.pages.conftest import begin_record, opened
from tests.records.pages.letters import Desk, entry_id, photo
from tests.records.pages.readers import consent

GIVEN, OTHER = "care_plan", "family_plan"
# What Yusuf's family wrote, and where. Only this stands between somebody and what is not theirs: which of these they may see.
SHARED, UNSHARED, DRAFT, BINNED, JUST_US, WAITING, PURPOSE, GUESTS = (
    f"quokka{where}mark" for where in ("shared", "unshared", "draft", "binned", "justus", "waiting", "purpose", "guests")
)
ADDED, ELSEWHERE = "quokkaaddedmark", "quokkaelsewheremark"
MARKS = (SHARED, UNSHARED, DRAFT, BINNED, JUST_US, WAITING, PURPOSE, GUESTS, ADDED, ELSEWHERE)
FAMILYS = frozenset({SHARED, UNSHARED, DRAFT, BINNED, WAITING, PURPOSE, GUESTS, ADDED})
# What somebody can do with Yusuf's record.
HOLDS, READS, ADDS, PUTS_IN, NOTHING = "holds", "reads", "adds", "puts in", "nothing"


@dataclass
class Somebody:
    """Who asks: with which browser, what they can do, which marks they may see, and how they are refused.

    `refused` is 403 for those who know the record (they are told that nothing is shared now), else 404; `role` is empty for those
    who are not signed in.
    """

    name: str
    client: FlaskClient
    can: str
    sees: frozenset[str]
    refused: int
    role: str = "parent"
    member: Member | None = None
    has_record: bool = False
    token: str = field(default="", repr=False)


@dataclass
class Family:
    """Yusuf's record, everybody who may ask for it, and something real to put into each part of an address."""

    app: Flask
    data: Path
    record: str
    people: dict[str, Somebody]
    ids: dict[str, str]
    places: dict[str, dict[str, str]]

    @property
    def files(self) -> list[Path]:
        """The witness and every sealed file."""
        office = self.app.extensions["office"]
        return [office.witness._path, *sorted(path for path in office.attachments.rglob("*") if path.is_file())]


def _somebody(name: str, member: Member, can: str, sees: frozenset[str], refused: int = 404, **more: Any) -> Somebody:
    return Somebody(name, member.client, can, sees, refused, member=member, **more)


@contextmanager
def as_holder(member: Member, record: str) -> Iterator[Opened]:
    """The record behind the pages, with nothing due."""
    with member.app.test_request_context():
        of = opened(member, record)
        visits.attend(of)
        yield of


def _give(holder: Member, record: str, member: Member, to: str = TO_SEE, **terms: Any) -> str:
    """Words, told and taken up; a holder has not come yet. The id that the grant will have."""
    with as_holder(holder, record) as of:
        soon = day_number(clock.today() + datetime.timedelta(days=14))
        invited = inviting.invite(of, to, consent(of, *terms.pop("slugs", (GIVEN, "meetings")), **terms), soon, holder.shown_name)
        inviting.accept(
            family(), holder.app.extensions["office"], member.person(), canonical.raw(invited.code), day_number(clock.today())
        )
        return invited.id


def _write(holder: Member, record: str, slug: str, mark: str, kind: str = "note") -> str:
    with as_holder(holder, record) as of:
        section = of.just_us_id if slug == "just_us" else of.book.by_slug(slug).id
        return editing.add(of, section, {"v": 1, "kind": kind, "title": mark, "words": mark, "note": mark}).id


def _letter(holder: Member, record: str, slug: str, mark: str) -> tuple[str, str]:
    """A photographed letter in a section, and its picture."""
    desk = Desk(holder, record)
    address = desk.keep(desk.begin(photo()), title=mark)
    with as_holder(holder, record) as of:
        moving.move(of, entry_id(address), of.book.by_slug(slug).id)
    entry = desk.entry(address)
    return entry.id, entry.document["pages"][0]["image"]


def build(data: Path) -> Family:
    """Everybody, and everything."""
    app = plain_app(data)
    people: dict[str, Somebody] = {}
    ids: dict[str, str] = {}

    def parent(name: str) -> Member:
        return sign_up(app.test_client(), name, passphrase=f"{name} likes quiet gardens")

    amina, joe = parent("Amina"), parent("Joe")
    record = begin_record(amina)
    places = _furnish(amina, record, ids)
    _hold_together(amina, joe, record)
    _everybody_given_something(amina, record, parent, app, people, ids)
    _everybody_else(amina, record, parent, app, people, ids)
    mine = {"entry_id": _added_by(people["adds"], record, places["given"]["section_id"])}
    places["mine"] = places["given"] | mine
    for name, member in (("holds", amina), ("holds it too", joe)):
        sees = FAMILYS | ({JUST_US} if member is amina else frozenset())
        people[name] = _somebody(name, member, HOLDS, sees, has_record=True)
    pending = parent("Penny")
    people["pending"] = _somebody("pending", pending, NOTHING, frozenset(), 403)
    ids |= {"account_id": joe.id, "version": "1", "kind": "note", "address": "made-up", "record_id": record.rsplit("/", 1)[1]}
    for number, one in enumerate(people.values()):
        one.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number + 1}"
        if one.member:
            one.member.sign_in()
            fill(one.client, "/again?next=/settings", to="/again", passphrase=one.member.passphrase)
        one.token = token_of(one.client.get("/settings" if one.role else "/sign-in?other=1").text)
    # Last, because each sign-in of a holder's takes up what there is: nobody has come since these words were used.
    _give(amina, record, pending)
    return Family(app, data, record, people, ids, places)


def _furnish(amina: Member, record: str, ids: dict[str, str]) -> dict[str, dict[str, str]]:
    """Something of every kind in every state, each a place that an address can lead to."""
    desk = Desk(amina, record)
    tray = desk.begin(photo())
    with as_holder(amina, record) as of:
        editing.revise(of, entry_id(tray), lambda document: document | {"begun": {"title": DRAFT}})
    binned = _write(amina, record, GIVEN, BINNED)
    with as_holder(amina, record) as of:
        editing.put_into_bin(of, binned)
        sections = {slug: of.book.by_slug(slug).id for slug in (GIVEN, OTHER)} | {"just_us": of.just_us_id}
    given, other = _letter(amina, record, GIVEN, SHARED), _letter(amina, record, OTHER, UNSHARED)
    for slug in ("diary", "about_me", "people", "our_home", "health_and_needs", "appointments"):
        with as_holder(amina, record) as of:
            kind = {"about_me": "about_me", "people": "person", "appointments": "appointment"}.get(slug, "note")
            document = {"v": 1, "kind": kind, **dict.fromkeys(("title", "words", "matters", "name", "what"), UNSHARED)}
            editing.add(of, of.book.by_slug(slug).id, document)
    _write(amina, record, "meetings", SHARED)
    with as_holder(amina, record) as of:
        version = str(of.entry(given[0]).version)
    draft = desk.entry(tray)
    page = draft.document["pages"][0]["image"]
    return {
        "given": {"section_id": sections[GIVEN], "entry_id": given[0], "file_id": given[1], "version": version},
        "other": {"section_id": sections[OTHER], "entry_id": other[0], "file_id": other[1]},
        "draft": {"section_id": sections[GIVEN], "entry_id": draft.id, "file_id": page},
        "binned": {"section_id": sections[GIVEN], "entry_id": binned, "file_id": given[1]},
        "just us": {
            "section_id": sections["just_us"],
            "entry_id": _write(amina, record, "just_us", JUST_US),
            "file_id": given[1],
        },
    }


def _hold_together(amina: Member, joe: Member, record: str) -> None:
    """Joe holds it too."""
    invitation = _give(amina, record, joe, TO_HOLD, slugs=())
    with as_holder(amina, record) as of:
        holding.confirm(of, invitation)


def _everybody_given_something(
    amina: Member, record: str, parent: Callable[[str], Member], app: Flask, people: dict[str, Somebody], ids: dict[str, str]
) -> None:
    """In every state that a grant can be in. The order matters: pausing pauses all there is, and keeps everybody from more."""
    paused = parent("Paula")
    _give(amina, record, paused)
    with as_holder(amina, record) as of:
        sharing.pause(of)
        with editing.change(of) as pen:
            # Sharing goes on, but not with Paula.
            pen.give(lambda given: replace(given, ended=()))
            pen.note("resumed_all")
    people["paused"] = _somebody("paused", paused, NOTHING, frozenset(), 403)

    withdrawn = parent("Wilma")
    ids["withdrawn"] = _give(amina, record, withdrawn)
    with as_holder(amina, record) as of:
        sharing.withdraw(of, ids["withdrawn"])
    people["withdrawn"] = _somebody("withdrawn", withdrawn, NOTHING, frozenset(), 403)

    expired = parent("Edwin")
    with clock.moved(days=-3):
        ids["expired"] = _give(amina, record, expired, last_day=clock.today())
        with as_holder(amina, record):
            pass
    people["expired"] = _somebody("expired", expired, NOTHING, frozenset(), 403)

    cover = parent("Tom")
    ids["cover"] = _give(amina, record, cover, TO_COVER)
    people["cover"] = _somebody("cover", cover, NOTHING, frozenset(), 403)

    reads = join_staff(app.test_client(), "Sara", "key_worker")
    ids["grant_id"] = _give(amina, record, reads, purpose=PURPOSE, copies="what_matters")
    people["reads"] = _somebody("reads", reads, READS, frozenset({SHARED, PURPOSE, ADDED}), role="key_worker")
    adds = parent("Rhys")
    _give(amina, record, adds, verb="read_and_add", purpose="the plan")
    people["adds"] = _somebody("adds", adds, ADDS, frozenset({SHARED, ADDED}))
    puts_in = parent("Percy")
    _give(amina, record, puts_in, verb="add", purpose="letters")
    people["puts in"] = _somebody("puts in", puts_in, PUTS_IN, frozenset())
    with as_holder(amina, record) as of:
        soon = day_number(clock.today() + datetime.timedelta(days=14))
        ids["invitation_id"] = inviting.invite(of, TO_SEE, consent(of, OTHER, purpose=PURPOSE), soon, "Amina").id


def _everybody_else(
    amina: Member, record: str, parent: Callable[[str], Member], app: Flask, people: dict[str, Somebody], ids: dict[str, str]
) -> None:
    """Strangers of every kind, and those who come by a link."""
    stranger = parent("Nora")
    elsewhere = begin_record(stranger, "Mariam")
    ids["elsewhere"] = elsewhere.rsplit("/", 1)[1]
    _write(stranger, elsewhere, GIVEN, ELSEWHERE)
    people["stranger"] = _somebody("stranger", stranger, NOTHING, frozenset({ELSEWHERE}), has_record=True)
    for name, shown, role in (
        ("another family's key worker", "Sara", "key_worker"),
        ("information officer", "Beth", "information_officer"),
        ("service manager", "Dev", "service_manager"),
        ("provider", "Pat", "provider"),
    ):
        member = join_staff(app.test_client(), shown, role)
        people[name] = _somebody(name, member, NOTHING, frozenset(), role=role)
    kim = people["another family's key worker"]
    _give(stranger, elsewhere, kim.member)
    with as_holder(stranger, elsewhere):
        kim.sees = frozenset({ELSEWHERE})
    people["practitioner"] = _practitioner(amina, record, app)
    people["nobody"] = Somebody("nobody", app.test_client(), NOTHING, frozenset(), 404, role="")
    with as_holder(amina, record) as of:
        order = packs.Order(GUESTS, "for a trip", clock.today(), of.book.by_slug(GIVEN).id, ())
        given = packs.give(of, order, "Amina", packs.Cost.parse("m=64,t=1,p=1"))
        ids["pack_id"] = given.id
    guest = app.test_client()
    answer = fill(guest, "/pack", code=packs_code(given.token), pin=given.pin)
    assert answer.status_code == 303, answer.text
    # The name it was made out to stands on a guest's own page.
    people["guest"] = Somebody("guest", guest, NOTHING, frozenset({SHARED, GUESTS}), 404, role="")
    _letter_that_waits(amina, record, app, ids)


def packs_code(token: str) -> str:
    """A pack's code as its link has it."""
    from plumbing.crypto.code import show_code

    return show_code(canonical.raw(token))


def _letter_that_waits(amina: Member, record: str, app: Flask, ids: dict[str, str]) -> None:
    answer = fill(amina.client, f"{record}/letter-box", name="School office", label="Letters", months="12")
    ids["link_id"] = answer.location.rsplit("/", 1)[1]
    link = re.search(r'value="(http://localhost/put-in#[^"]+)"', amina.client.get(answer.location).text)[1]
    school = app.test_client()
    page = fill(school, "/put-in", code=link).text
    hidden = dict(re.findall(r'name="(code|once|csrf_token)" type="hidden" value="([^"]+)"', page))
    typed = {"name": "Mrs Jones", "title": WAITING, "note": WAITING, "files": [(io.BytesIO(photo()), "page.jpg")]}
    sent = school.post(f"/put-in/{ids['link_id']}", data=hidden | typed, content_type="multipart/form-data")
    assert sent.status_code == 302, sent.text
    waits = re.search(rf"{record}/to-file/([0-9a-f]{{32}})", amina.client.get(f"{record}/to-file").text)
    ids["item_id"] = waits[1]
    image = re.search(
        rf"{record}/to-file/{waits[1]}/files/([0-9a-f]{{32}})", amina.client.get(f"{record}/to-file/{waits[1]}").text
    )
    ids["waiting"] = image[1]


def _practitioner(amina: Member, record: str, app: Flask) -> Somebody:
    """Somebody who made an account by a family's words, and never took up what they were for."""
    with as_holder(amina, record) as of:
        soon = day_number(clock.today() + datetime.timedelta(days=14))
        invited = inviting.invite(of, TO_SEE, consent(of, GIVEN), soon, "Amina")
        words = show_words(canonical.raw(invited.code))
    browser = app.test_client()
    fields = {"code": words, "shown_name": "Mr Patel", "email": "", "passphrase": "chalk dust and apple cores"}
    answer = fill(browser, "/register/invited", **fields)
    assert answer.status_code == 302, answer.text
    shown = re.search(r'<b class="name">([^<]+)</b>', browser.get("/welcome").text)
    with as_holder(amina, record) as of:
        inviting.take_back(of, invited.id)
        (account_id,) = family().execute("SELECT id FROM account WHERE shown_name = 'Mr Patel'").fetchone()
    member = Member(browser, "Mr Patel", fields["passphrase"], shown[1], account_id)
    return _somebody("practitioner", member, NOTHING, frozenset(), role="practitioner")


def _added_by(adds: Somebody, record: str, section_id: str) -> str:
    """What Rhys put in himself."""
    page = f"{record}/sections/{section_id}/new/note"
    answer = fill(adds.client, page, title=ADDED, words=ADDED)
    assert answer.status_code == 302, answer.text
    return answer.location.rsplit("/", 1)[1]


class Kept:
    """A family's data as it stands, and the way back to it."""

    def __init__(self, family_: Family) -> None:
        self._family, settings = family_, family_.app.extensions["settings"]
        self._paths = [settings.family_db, settings.sessions_db]
        self._copies = [open_db(":memory:") for _path in self._paths]
        for path, copy in zip(self._paths, self._copies, strict=True):
            db = open_db(path)
            db.conn.backup(copy.conn)
            db.close()
        self._files = {path: path.read_bytes() for path in family_.files}
        self._watch = open_db(self._paths[0])
        self._seen = self._version()
        self._rows = self.rows()

    def _version(self) -> int:
        return self._watch.execute("PRAGMA data_version").fetchone()[0]

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of everything, but for who looked: the log, and what a reader pins when they look."""
        found = {}
        names = self._watch.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
        for (name,) in names:
            if name == "log_line":
                continue
            columns = [row[1] for row in self._watch.execute(f"PRAGMA table_info({name})").fetchall() if row[1] != "keyring"]
            found[name] = sorted(self._watch.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall(), key=repr)
        return found

    def changed(self) -> list[str]:
        """The tables that are not as they were."""
        if self._version() == self._seen:
            return []
        now = self.rows()
        changed = [name for name in now if now[name] != self._rows.get(name)]
        if self._family.files != list(self._files):
            changed.append("files")
        if not changed:
            self._seen = self._version()
        return changed

    def touched(self, record_id: str, account_id: str) -> list[str]:
        """The tables in which something is gone, changed or new that is not of this record, nor of this account."""
        now = self.rows()
        mine = {record_id, account_id, *(row[0] for row in self._rows["entry"] if record_id in row)}
        return [
            name
            for name, rows in self._rows.items()
            if any(row not in now[name] for row in rows if not mine & set(row))
            or any(self._family.ids["record_id"] in row for row in now[name] if row not in rows)
        ]

    def back(self) -> None:
        """Everything as it was, the witness too, where anything but a look was written."""
        if self._version() == self._seen:
            return
        for path, copy in zip(self._paths, self._copies, strict=True):
            db = open_db(path)
            copy.conn.backup(db.conn)
            db.close()
        for path in set(self._family.files) - self._files.keys():
            path.unlink()
        for path, content in self._files.items():
            if not path.exists() or path.read_bytes() != content:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
        office = self._family.app.extensions["office"]
        self._family.app.extensions["office"] = replace(office, witness=Witness(office.witness._path))
        self._seen = self._version()

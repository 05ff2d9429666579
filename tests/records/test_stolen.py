"""A thief has every file and every setting, the server's secrets too, but nobody's passphrase, kit or cookie.

What they do is done here: every string of bytes in those files that could be a key is tried as one, by itself and through each of
our derivations, on everything that is sealed. That finds what a slip of ours would leave behind, not what mathematics forbids.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from dataclasses import dataclass, replace

import pytest

from accounts import keys, sessions, store
from accounts.migrations import session_migrations
from plumbing.crypto import CannotOpen
from plumbing.crypto.chunks import unseal_chunks
from plumbing.crypto.code import new_code
from plumbing.crypto.context import context
from plumbing.crypto.envelope import derive, unseal
from plumbing.crypto.pairs import unwrap
from plumbing.crypto.passphrase import Cost, stretch
from plumbing.db import apply_migrations, open_db
from plumbing.ids import new_id
from records import attachments, canonical, editing, inviting, links, packs
from records import keys as record_keys
from records import store as record_store
from records.gate import NotYours
from tests.conftest import PROOF
from tests.records.hand import account_of
from tests.records.senders import NEXT_MONTH, send

WORDS = "goat wellies piano rain"
COST = Cost(64, 1, 1)
PURPOSE, ROLE = "so that mornings are quiet", "key worker of the valley"
SHORT = (context("invitation", "terms"), context("letterbox", "link", "key"), context("pack", "key"))
KINDS = ("account-keys", "kit-keys", "just-us", "keyring", "session keys", "session just-us", "session slot", "quick-unlock")


@dataclass
class Victim:
    """Somebody with a record, and what they alone have."""

    person: object
    opened: object
    token: bytes
    code: bytes


@pytest.fixture
def rows(house):
    apply_migrations(house.folder / "sessions" / "sessions.db", session_migrations, secure_delete=True)
    rows = open_db(house.folder / "sessions" / "sessions.db", secure_delete=True)
    yield rows
    rows.close()


def victim(house, rows, name: str, letters: int) -> Victim:
    """Somebody who registered, made a kit, is signed in, keeps letters with pages and a note in Just us, and was sent one."""
    person = replace(house.person(name), just_us=bytes.fromhex(new_id() + new_id()))
    account, code = account_of(person), new_code()
    store.save_by_passphrase(house.db, person, keys.seal_by_passphrase(person, WORDS, house.office.secrets.pepper, COST))
    store.save_by_kit(house.db, person, keys.seal_by_kit(person, code), account.created_on)
    house.db.conn.commit()
    opened = house.enter(person, house.record(person, f"child of {name}").record_id)
    for number in range(letters):
        letter = {"v": 1, "kind": "letter", "title": f"{name} {number}"}
        entry = editing.add(opened, opened.sections[number % 3].id, letter)
        page = editing.attach(opened, entry.id, {"page": (b"a page " * 500, "image/jpeg")})["page"]
        editing.revise(opened, entry.id, lambda document, page=page: document | {"files": {page.id: page.written()}})
    editing.add(opened, opened.just_us_id, {"v": 1, "kind": "note", "words": "for us"})
    send(house, links.open_link(opened, "School", "Letters", NEXT_MONTH))
    with rows.conn:
        token = sessions.start(rows, account, person, "Phone")
    return Victim(person, opened, token, code)


@pytest.fixture
def family(house, rows):
    """Amina and Joe, each with a record of their own, which each has shared: with Sara, by words still out, and in a pack."""
    both = [victim(house, rows, "amina", 6), victim(house, rows, "joe", 6)]
    sara = house.person("sara", "key_worker")
    for one in both:
        granted = house.share(one.opened, sara, purpose=PURPOSE, role=ROLE, supporter="Hodan, interpreter")
        assert len(house.enter(sara, one.opened.record_id).entries()) == 2
        inviting.invite(one.opened, "see", replace(granted.consent, name="Lucy Ferngrove"), 20261206, "Amina")
        order = packs.Order("Mr Patel", PURPOSE, NEXT_MONTH, one.opened.sections[0].id)
        packs.give(one.opened, order, "Amina", COST)
    return both


def everything_stolen(house) -> dict[str, bytes]:
    """Every file there is, by its place."""
    return {str(path.relative_to(house.folder)): path.read_bytes() for path in house.folder.rglob("*") if path.is_file()}


def cells(house) -> list[bytes]:
    """Every value in every table, as bytes: what a thief reads without looking for pages."""
    found = []
    for path in house.folder.rglob("*.db"):
        db = sqlite3.connect(path)
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f"SELECT * FROM {table}").fetchall():
                found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
        db.close()
    return found


def key_like(house) -> set[bytes]:
    """Every 32 bytes that could be meant as a key: whole values, parts of them, and what stands in hex and base64 anywhere."""
    found = set()
    for value in cells(house):
        found |= (
            {value[at : at + 32] for at in range(0, max(len(value) - 31, 0), 4)}
            if len(value) < 400
            else {value[:32], value[-32:]}
        )
    for content in everything_stolen(house).values():
        found |= {bytes.fromhex(run.decode()) for run in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", content)}
        for run in re.findall(rb"[A-Za-z0-9+/]{43}=", content):
            found.add(base64.b64decode(run))
    return {one for one in found if len(one) == 32}


def sealed_things(house, family) -> dict[str, list]:
    """Everything that is sealed, as a function of a key, with what a thief knows: every number and id stands in the clear."""
    things = {
        "entry": [],
        "page": [],
        "book": [],
        "roster": [],
        "letterbox": [],
        "link": [],
        "letter": [],
        "label": [],
        "keyring": [],
        "keys": [],
        "wrap": [],
        "terms": [],
        "invitation": [],
        "pack": [],
        "log": [],
    }

    def add(kind, sealed, *bound):
        things[kind].append(lambda key: unseal(key, sealed, context(*bound)))

    db = house.db
    for record_id, root_id, stamp in db.execute("SELECT id, root_id, stamp FROM record").fetchall():
        versions = db.execute(
            "SELECT v.sealed, v.section_id, v.epoch, v.entry_id, v.version FROM entry_version v JOIN entry e ON e.id = v.entry_id"
            " WHERE e.record_id = ?",
            [record_id],
        )
        for sealed, *rest in versions.fetchall():
            add("entry", sealed, "document", stamp, *rest)
        for sealed, epoch, version in db.execute(
            "SELECT sealed, epoch, version FROM book WHERE record_id = ?", [record_id]
        ).fetchall():
            add("book", sealed, "document", stamp, root_id, epoch, "book", version)
        for sealed, *rest in db.execute(
            "SELECT sealed, number, before, epoch FROM roster WHERE record_id = ?", [record_id]
        ).fetchall():
            add("roster", sealed, "roster", stamp, *rest)
        for sealed, *rest in db.execute(
            "SELECT sealed, generation, epoch FROM letterbox WHERE record_id = ?", [record_id]
        ).fetchall():
            add("letterbox", sealed, "letterbox", stamp, *rest)
        for sealed, section, version in db.execute(
            "SELECT label, id, label_version FROM section WHERE record_id = ?", [record_id]
        ).fetchall():
            add("label", sealed, "document", stamp, section, 1, "label", version)
        for sealed, *rest in db.execute(
            "SELECT sealed, id, record_id, last_day FROM letterbox_link WHERE record_id = ?", [record_id]
        ).fetchall():
            add("link", sealed, "letterbox", "link", *rest)
        for sealed, *rest in db.execute(
            "SELECT sealed, generation, id FROM letterbox_item WHERE record_id = ?", [record_id]
        ).fetchall():
            bound = context("letterbox", "item", stamp, *rest)
            things["letter"].append(lambda key, sealed=sealed, bound=bound: unwrap(key, sealed, bound))
        for sealed, *rest in db.execute(
            "SELECT sealed, id, record_id, last_day FROM invitation WHERE record_id = ?", [record_id]
        ).fetchall():
            add("invitation", sealed, "invitation", *rest)
        for sealed, pack_id, last_day in db.execute(
            "SELECT sealed, id, last_day FROM pack WHERE record_id = ?", [record_id]
        ).fetchall():
            add("pack", sealed, "pack", record_id, stamp, pack_id, last_day)
        for row in record_store.all_terms(db, record_id):
            bound = context("wrap", "terms", stamp, row.grant_id, row.account_id, row.generation, row.verb, row.last_day)
            things["terms"].append(lambda key, sealed=row.sealed, bound=bound: unwrap(key, sealed, bound))
        for number, sealed in db.execute("SELECT number, sealed FROM log_line WHERE record_id = ?", [record_id]).fetchall():
            bound = context("log", stamp, number)
            things["log"].append(lambda key, sealed=sealed, bound=bound: unwrap(key, sealed, bound))
        for file_id in record_store.attachment_ids(db, record_id):
            path, bound = attachments.path_of(house.office.attachments, file_id), context("attachment", stamp, file_id)
            things["page"].append(lambda key, path=path, bound=bound: unseal_chunks(key, path.open("rb"), bound))
        wraps = (
            "SELECT wrapped, section_id, epoch, grant_id, account_id, generation, verb, last_day FROM wrap WHERE record_id = ?"
        )
        for wrapped, *terms in db.execute(wraps, [record_id]).fetchall():
            things["wrap"].append(
                lambda key, wrapped=wrapped, terms=tuple(terms), stamp=stamp: unwrap(key, wrapped, context("wrap", stamp, *terms))
            )
    columns = "id, generation, x25519, ed25519, keyring, by_passphrase, by_kit, just_us_by_passphrase, just_us_by_kit"
    for id_, generation, sealing, signing, ring, by_words, by_kit, ours, ours_by_kit in db.execute(
        f"SELECT {columns} FROM account"
    ).fetchall():
        add("keyring", ring, "keyring", id_, generation)
        if not by_words:
            continue  # Sara's own are not what is stolen here
        add("keys", by_words, "account-keys", id_, generation, sealing, signing)
        add("keys", by_kit, "kit-keys", id_, generation, sealing, signing)
        add("keys", ours, "just-us", id_, generation)
        add("keys", ours_by_kit, "just-us", id_, generation)
    return things


def as_keys(candidate: bytes) -> list[bytes]:
    """A candidate as it is, and through each of our derivations."""
    return [candidate, *(derive(candidate, kind.encode()) for kind in KINDS), *(derive(candidate, one) for one in SHORT)]


def opened_by(candidates, things) -> list[str]:
    """What opens with any of these."""
    opened = []
    for candidate in candidates:
        for key in as_keys(candidate):
            for kind, several in things.items():
                for opens in several:
                    try:
                        opens(key)
                    except (CannotOpen, ValueError):
                        continue
                    opened.append(kind)
    return opened


def test_with_every_file_and_every_secret_nothing_opens(house, family):
    candidates, things = key_like(house), sealed_things(house, family)
    secrets = house.office.secrets
    assert {secrets.pepper, secrets.server_key, secrets.log_key} <= candidates, "the thief has the server's secrets"
    assert len(candidates) > 500
    assert len(things["entry"]) == 26
    assert len(things["page"]) == 16
    assert [len(things[kind]) for kind in ("link", "letter", "terms", "invitation", "pack")] == [2, 2, 2, 2, 2]
    assert len(things["log"]) > 40
    # Each candidate on one of each kind by every derivation; the secrets themselves on everything.
    few = {kind: several[:1] for kind, several in things.items()}
    assert opened_by(candidates, few) == []
    assert opened_by([secrets.pepper, secrets.server_key, secrets.log_key, bytes(32)], things) == []
    # And each candidate as it is on everything; in the proof, on all of it.
    for several in things.values():
        for opens in several if PROOF else several[:3]:
            for candidate in candidates:
                with pytest.raises((CannotOpen, ValueError)):
                    opens(candidate)


def test_the_thief_would_find_a_key_that_was_left_behind(house, family):
    """The attempt above proves nothing if it could not succeed."""
    amina = family[0]
    section = amina.opened.sections[0].id
    things = sealed_things(house, family)
    before = len([opens for opens in things["entry"] if _opens(opens, amina.opened.key(section))])
    assert before == 4
    (house.folder / "data" / "debug.log").write_text(f"key: {amina.opened.key(section).hex()}")
    assert amina.opened.key(section) in key_like(house)
    (house.folder / "data" / "debug.log").write_text(f"private: {base64.b64encode(amina.person.sealing.private).decode()}")
    assert amina.person.sealing.private in key_like(house)
    assert "wrap" in opened_by([amina.person.sealing.private], things)
    assert "keys" in opened_by([derive(amina.code, b"kit-keys")], things)
    given = amina.opened.roster.given
    assert opened_by([canonical.raw(given.invitations[0].code)], things) == ["invitation"]
    assert opened_by([canonical.raw(given.links[0].token)], things) == ["link"]
    assert opened_by([_pack_half(house, given.packs[0], given.packs[0].pin)], things) == ["pack"]


def _pack_half(house, pack, pin):
    """What a pack's key is derived from: the code of its link, and its PIN, stretched."""
    (salt,) = house.db.execute("SELECT salt FROM pack WHERE id = ?", [pack.id]).fetchone()
    return canonical.raw(pack.token) + stretch(pin, salt, house.office.secrets.pepper, COST)


def test_with_the_link_of_a_pack_and_every_secret_only_its_pin_is_missing(house, family):
    """What `keys.md` does not promise: a million PINs can be tried by whoever has the link, the database and the pepper."""
    pack = family[0].opened.roster.given.packs[0]
    things = sealed_things(house, family)
    wrong = f"{(int(pack.pin) + 1) % 10**6:06}"
    assert opened_by([_pack_half(house, pack, wrong), canonical.raw(pack.token)], things) == []
    assert opened_by([_pack_half(house, pack, pack.pin)], things) == ["pack"]


def _opens(opens, key):
    try:
        opens(key)
    except CannotOpen:
        return False
    return True


def test_a_cookie_opens_its_owners_record_and_no_other(house, rows, family):
    amina, joe = family
    session = sessions.look(rows, amina.token)
    person = sessions.open_person(session, amina.token, account_of(amina.person))
    assert len(house.enter(person, amina.opened.record_id).entries()) == 6
    with pytest.raises(NotYours):
        house.enter(person, joe.opened.record_id)
    # Her token on his session, and his account on hers.
    other = sessions.look(rows, joe.token)
    for session_, token, account in ((other, amina.token, joe), (session, amina.token, joe), (session, joe.token, amina)):
        with pytest.raises(CannotOpen):
            sessions.open_person(session_, token, account_of(account.person))
    # And by force: everything her cookie derives, and all her keys, on everything of his.
    his = {kind: [] for kind in ("entry", "page", "wrap", "keys", "keyring", "book", "terms", "invitation", "pack", "log")}
    for kind, several in sealed_things(house, family).items():
        if kind in his:
            his[kind] = several[len(several) // 2 :]
    hers = [amina.token, person.sealing.private, person.signing.private, person.keyring_key, person.just_us]
    hers += [amina.opened.key(one) for one in amina.opened.roster.epochs]
    assert opened_by(hers, his) == []


def test_after_its_end_a_cookie_opens_nothing(house, rows, family):
    amina = family[0]
    with rows.conn:
        sessions.lock(rows, sessions.id_of(amina.token))
    with pytest.raises(CannotOpen):
        sessions.open_person(sessions.look(rows, amina.token), amina.token, account_of(amina.person))
    assert b"".join(everything_stolen(house).values()).count(amina.token) == 0


@pytest.mark.parametrize("pepper", [bytes(32), b"another pepper, of 32 bytes long"])
def test_without_the_pepper_even_the_right_passphrase_opens_nothing(house, family, pepper):
    for one in family:
        sealed = store.get_by_passphrase(house.db, one.person.account_id)
        with pytest.raises(CannotOpen):
            keys.open_by_passphrase(account_of(one.person), sealed, WORDS, pepper)
        assert keys.open_by_passphrase(account_of(one.person), sealed, WORDS, house.office.secrets.pepper)


def test_keys_that_are_not_the_accounts_do_not_count(house, family):
    """Whoever puts their own keys, sealed under a passphrase they know, into her row, has only the row's old public keys."""
    amina, joe = family
    sealed = keys.seal_by_passphrase(
        replace(joe.person, account_id=amina.person.account_id), "mine", house.office.secrets.pepper, COST
    )
    with pytest.raises(CannotOpen):
        keys.open_by_passphrase(account_of(amina.person), sealed, "mine", house.office.secrets.pepper)


def test_what_a_thief_reads_is_what_we_say_they_read(house, family):
    """Nothing of what was kept stands in any file, under any of its names."""
    content = b"".join(everything_stolen(house).values())
    for word in (b"child of", b"amina 0", b"joe 5", b"a page a page", b"for us", b"Diary", b"england", b"2019-05"):
        assert word not in content
    for words in (PURPOSE, ROLE, "Hodan", "Lucy", "Patel", "School"):
        assert words.encode() not in content
    for one in family:
        given = one.opened.roster.given
        assert given.packs[0].pin.encode() not in cells(house)
        assert canonical.raw(given.packs[0].token) not in content
        assert canonical.raw(given.invitations[0].code) not in content
    # And what stands there, as the threat model says: who has a grant on how many sections, to do what, until when.
    (sara,) = house.db.execute("SELECT id FROM account WHERE shown_name = 'sara'").fetchone()
    for table in ("consent", "wrap"):
        said = house.db.execute(f"SELECT account_id, verb, last_day FROM {table} WHERE verb != 'hold'").fetchall()
        assert said == [(sara, "read", 20270303)] * 2
    assert b"amina-" in content, "the sign-in name stands in the clear, and we say so"


def test_a_backup_and_an_old_key_open_nothing_written_later(house, family):
    """Withdrawn: the old database, its wraps and a section's old key open nothing that was written or sealed after."""
    opened = family[0].opened
    section = opened.sections[0].id
    old = opened.key(section)
    with editing.change(opened) as pen:
        record_keys.rotate(opened, [section])
        pen.note("rotated")
    editing.add(opened, section, {"v": 1, "kind": "letter", "title": "later"})
    assert not [opens for opens in sealed_things(house, family)["entry"] if _opens(opens, old)]

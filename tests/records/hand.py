"""The other process in tests that kill one: it makes one change after another, until it is killed.

`python -m tests.records.hand FOLDER CHANGE SEED`; prints "go" when it is about to begin.
"""

from __future__ import annotations

import base64
import datetime
import itertools
import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from accounts import keyring, keys, store
from accounts.account import Account
from accounts.person import Person
from plumbing.crypto.pairs import sealing_pair, signing_pair
from plumbing.crypto.passphrase import Cost
from plumbing.db import at_once
from plumbing.files import Cleaned, Picture
from records import agreeing, canonical, editing, holding, inviting, items, letterbox, links, ordering, packs, visits
from records import keys as record_keys
from records import moving as moving_
from records import sharing as consent
from records.consent import TO_HOLD, TO_SEE, Consent, day_number
from records.gate import Opened
from records.item import LINK, PACK, Sender
from records.links import Door
from records.plan import plan_of
from tests.records.people import TODAY, House, build

CHEAP = Cost(64, 1, 1)
BIG = 200_000


def write_person(path: Path, person: Person) -> None:
    """Keep somebody's keys beside the test: the process that is killed has to have them."""
    private = [base64.b64encode(one).decode() for one in (person.sealing.private, person.signing.private, person.just_us or b"")]
    half = path.with_name(f"{path.name}.half")  # whoever is killed while writing has written nothing
    half.write_text(json.dumps([person.account_id, person.generation, *private]))
    half.replace(path)


def read_person(path: Path) -> Person:
    """Somebody's keys."""
    account_id, generation, *private = json.loads(path.read_text())
    sealing, signing, just_us = map(base64.b64decode, private)
    return Person(account_id, generation, sealing_pair(sealing), signing_pair(signing), just_us=just_us or None)


def account_of(person: Person) -> Account:
    """The account that a person's keys belong to."""
    publics = person.sealing.public, person.signing.public
    return Account(person.account_id, person.generation, "amina", "Amina", "parent", *publics, datetime.date(2026, 11, 22))


def saving(_house: House, opened: Opened, rng: random.Random) -> None:
    """A new version of any entry."""
    entry = rng.choice(opened.entries())
    text = f"{rng.random()}" * 200
    editing.revise(opened, entry.id, lambda document: document | {"words": text, "twice": text})


def adding(_house: House, opened: Opened, rng: random.Random) -> None:
    """A new entry."""
    editing.add(opened, rng.choice(opened.sections).id, {"v": 1, "kind": "note", "words": "new", "twice": "new"})


def restoring(_house: House, opened: Opened, rng: random.Random) -> None:
    """An earlier version brought back."""
    entry = rng.choice(opened.entries())
    editing.bring_back(opened, entry.id, rng.choice(opened.history(entry.id)).version)


def deleting(house: House, opened: Opened, rng: random.Random) -> None:
    """An entry into the bin, and gone for good, with its page; and another one in its place."""
    entry = rng.choice(opened.entries())
    editing.put_into_bin(opened, entry.id)
    editing.delete_for_good(opened, entry.id)
    uploading(house, opened, rng)


def moving(_house: House, opened: Opened, rng: random.Random) -> None:
    """An entry with its versions and its page into another section."""
    entry = rng.choice(opened.entries())
    moving_.move(opened, entry.id, rng.choice([one.id for one in opened.sections if one.id != entry.section_id]))


def uploading(_house: House, opened: Opened, rng: random.Random) -> None:
    """A page into a draft, and the draft filed."""
    draft = editing.add(opened, opened.root_id, {"v": 1, "kind": "letter", "words": "page", "twice": "page"}, state="draft")
    file = editing.attach(opened, draft.id, {"page": (rng.randbytes(BIG), "image/jpeg")})["page"]
    editing.revise(opened, draft.id, lambda document: document | {"files": {file.id: file.written()}})
    moving_.keep_draft(opened, draft.id, rng.choice(opened.sections).id, lambda document: document)


def passphrase(house: House, opened: Opened, rng: random.Random) -> None:
    """Another passphrase for the same keys: one of two, so that whoever looks afterwards knows which it can be."""
    words = rng.choice(("first words", "second words"))
    sealed = keys.seal_by_passphrase(opened.person, words, house.office.secrets.pepper, CHEAP)
    with at_once(house.db):
        store.save_by_passphrase(house.db, opened.person, sealed)


def new_keys(house: House, opened: Opened, _rng: random.Random) -> None:
    """A new generation, as a used kit makes it; the keys are written down before, as the person keeps their passphrase."""
    old = opened.person
    new = replace(
        Person(old.account_id, old.generation + 1, sealing_pair(), signing_pair()), just_us=bytes([old.generation + 1]) * 32
    )
    write_person(house.folder / "person.new", new)
    with at_once(house.db):
        house.db.execute("UPDATE account SET generation = ? WHERE id = ?", [new.generation, new.account_id])
        keyring.write(house.db, new, keyring.read(house.db, old))
        record_keys.renew(house.db, house.office, old, new, TODAY)
    (house.folder / "person.new").replace(house.folder / "person")


def arranging(_house: House, opened: Opened, rng: random.Random) -> None:
    """The child's name changed, everywhere it stands."""
    called = f"Yusuf {rng.randrange(1000)}"
    editing.change_book(opened, lambda book: replace(book, called=called))


def receiving(house: House, opened: Opened, rng: random.Random) -> None:
    """A letter put in by a link, and filed or refused; the link turned off and another made."""
    for old in links.live(opened)[2:]:
        links.close_link(opened, old.id)
    link = links.open_link(opened, f"School {rng.random()}", "Letters", TODAY)
    door = links.find(house.db, house.office, canonical.raw(link.token), TODAY)
    page = Picture(rng.randbytes(BIG), rng.randbytes(500), 60, 80)
    letter = items.Letter({"v": 1, "kind": "letter", "title": "Report"}, (Cleaned("jpeg", b"", (page,)),))
    items.put_in(house.db, house.office, door, Sender(LINK, link.id, "Mrs Jones"), letter, TODAY)
    for item in items.waiting(opened)[1:]:
        if rng.random() < 0.5:
            items.refuse(opened, item.id)
        else:
            items.file(opened, item.id, rng.choice(opened.sections).id, lambda document: document)


def sharing(house: House, opened: Opened, rng: random.Random) -> None:
    """Sara, who sees two sections, sees nothing any more; or she is given them."""
    visits.attend(opened)
    live = opened.roster.given.grants
    if live:
        consent.withdraw(opened, rng.choice(live).grant_id)
    else:
        house.share(opened, read_person(house.folder / "sara"), 2)


def telling(house: House, opened: Opened, rng: random.Random) -> None:
    """Words told to Sara: taken up and noticed by a visit, or taken back before she used them."""
    visits.attend(opened)
    for live in opened.roster.given.grants:
        consent.withdraw(opened, live.grant_id)
    chosen = tuple(one.id for one in rng.sample(opened.sections, 2))
    terms = Consent("Sara", "key worker", chosen, "read_and_add", "the plan", 20270303, day_number(TODAY))
    invited = inviting.invite(opened, TO_SEE, terms, 20261206, "Amina")
    if rng.random() < 0.3:
        inviting.take_back(opened, invited.id)
        return
    code = canonical.raw(invited.code)
    inviting.accept(house.db, house.office, read_person(house.folder / "sara"), code, day_number(TODAY))
    visits.attend(opened)


def joining(house: House, opened: Opened, _rng: random.Random) -> None:
    """Joe, who holds it too, holds it no more, and everything gets new keys; or he becomes a holder."""
    visits.attend(opened)
    joe = read_person(house.folder / "joe")
    if (joe.account_id, joe.generation) in opened.holders:
        holding.leave(house.enter(joe, opened.record_id))
        visits.attend(house.enter(opened.person, opened.record_id))
        return
    for waiting in opened.roster.given.invitations:
        inviting.take_back(opened, waiting.id)
    terms = Consent("Joe", "", (), "read", "", 20270303, day_number(TODAY))
    invited = inviting.invite(opened, TO_HOLD, terms, 20261206, "Amina")
    inviting.accept(house.db, house.office, joe, canonical.raw(invited.code), day_number(TODAY))
    holding.confirm(opened, invited.id)


def planning(house: House, opened: Opened, rng: random.Random) -> None:
    """A plan written, put in order, agreed and noted as given; and a guest's slip to it, put in and filed."""
    section_id = opened.sections[0].id
    for _need in range(2):
        editing.add(opened, section_id, {"v": 1, "kind": "need", "title": f"Need {rng.random()}"})
    needs = [thing.need.id for thing in plan_of(opened.entries([section_id]), TODAY).things if thing.need]
    ordering.move(opened, section_id, rng.choice(needs), rng.choice(ordering.WAYS))
    mark = plan_of(opened.entries([section_id]), TODAY).mark
    agreed = agreeing.agree(opened, section_id, mark, TODAY + datetime.timedelta(days=180))
    agreeing.note_given(opened, agreed.id, "Mr Patel", "paper")
    for old in opened.roster.given.packs[1:]:
        packs.end(opened, old.id)
    pack = packs.give(opened, packs.Order("Sara", "", TODAY + datetime.timedelta(days=7), entries=(needs[0],)), "Amina", CHEAP)
    door = Door(opened.record_id, opened.stamp, letterbox.newest(house.db, house.office.secrets.server_key, opened.record_id))
    slip = items.Letter({"v": 1, "kind": "answer", "action_id": needs[0], "says": "no"})
    item_id = items.put_in(house.db, house.office, door, Sender(PACK, pack.id, "Sara"), slip, TODAY)
    items.file(opened, item_id, section_id, lambda document: document)


CHANGES: dict[str, Callable[[House, Opened, random.Random], None]] = {
    change.__name__: change
    for change in (
        *(saving, adding, restoring, deleting, moving, uploading, passphrase, new_keys, arranging, receiving),
        *(sharing, telling, joining, planning),
    )
}


def work(folder: Path, change: str, seed: int) -> Iterator[int]:
    """One change after another."""
    house, rng = build(folder), random.Random(seed)
    (record_id,) = (row[0] for row in house.db.execute("SELECT id FROM record").fetchall())
    print("go", flush=True)
    for number in itertools.count():
        CHANGES[change](house, house.enter(read_person(folder / "person"), record_id), rng)
        yield number


if __name__ == "__main__":
    for _number in work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])):
        pass

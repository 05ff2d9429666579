"""How fast the record is, beside the bare primitives doing the same bytes, in one run.

Ratios count: a machine may be slow, but what we put around a primitive should cost little beside it. Everything is made up, lies
in a folder that goes afterwards, and is kept as a real record keeps it: whole transactions, each on the disk before it is done.
"""

from __future__ import annotations

import datetime
import io
import multiprocessing
import random
import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from PIL import Image
from sqlite_utils import Database

from accounts import keyring, keys
from accounts import store as accounts
from accounts.account import PARENT, Account
from accounts.migrations import migrations as account_migrations
from accounts.person import Person, new_person
from plumbing.crypto import pairs
from plumbing.crypto.passphrase import Busy, Cost
from plumbing.db import apply_migrations, open_db
from plumbing.files.cleaning import clean
from plumbing.ids import new_id
from plumbing.secrets_file import server_secrets
from records import editing, store
from records import keys as record_keys
from records.book import Book, Section
from records.gate import Gate, Opened
from records.migrations import migrations
from records.office import Office
from records.search import search
from records.witness import Witness

_SEED = 20261122
_TODAY = datetime.date(2026, 11, 22)
_WORDS = "goat wellies piano rain"
_QUOTA = 10**10
_LETTER_BYTES = 4096
_IN_ROTATION = 1000
_PHOTO = (4000, 3000)
_MEGABYTE = 1_000_000
_ASKED = ("physiotherapy", "speech therapy", "appointmnt", "school transport", "zebra")


def run(sizes: Sequence[int], echo: Callable[[str], None]) -> None:
    """Measure everything, and print figures and ratios."""
    _sign_in(echo)
    with tempfile.TemporaryDirectory() as folder:
        here = _House(Path(folder))
        _open_one(here, echo)
        for size in sizes:
            _list_and_search(here, size, echo)
        _photo(here, echo)
        _rotate(here, echo)
        here.close()


# -- what is measured in


class _House:
    """A family.db of its own, with one mother in it."""

    def __init__(self, folder: Path) -> None:
        data = folder / "data"
        apply_migrations(data / "family.db", account_migrations, migrations, secure_delete=True)
        self.db = open_db(data / "family.db", secure_delete=True)
        witness = Witness(folder / "witness" / "witness.log")
        self.office = Office(server_secrets(folder / "private"), witness, data / "attachments", _QUOTA)
        self.person = _register(self.db, self.office)

    def record(self) -> Opened:
        """A new record, opened."""
        book = Book("Yusuf", sections=tuple(Section(new_id(), slug, slug) for slug in ("health_letters", "diary", "people")))
        return self.enter(record_keys.found_record(self.db, self.office, self.person, book, _TODAY))

    def enter(self, record_id: str) -> Opened:
        """A record, opened as each page opens it."""
        return Gate(self.db, self.office, self.person, _TODAY).enter(record_id)

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()


def _register(db: Database, office: Office) -> Person:
    person = replace(new_person(new_id()), just_us=keys.new_just_us())
    sealed = keys.seal_by_passphrase(person, _WORDS, office.secrets.pepper, Cost())
    with db.conn:
        accounts.add_account(db, office.secrets.server_key, _account(person), sealed, keyring.sealed_keyring(person, {}))
    return person


def _account(person: Person) -> Account:
    publics = person.sealing.public, person.signing.public
    return Account(person.account_id, person.generation, person.account_id, "Amina", PARENT, *publics, _TODAY)


def _letters(count: int) -> Iterator[dict[str, Any]]:
    """Letters with as much text as a page has, in the words and the frequencies of our own reference texts."""
    rng = random.Random(_SEED)  # noqa: S311 - letters, not keys
    guides = Path(__file__).resolve().parent.parent / "data" / "reference" / "guides"
    words = [word for path in sorted(guides.glob("*.md")) for word in path.read_text("utf-8").split()]
    for number in range(count):
        start = rng.randrange(len(words) - 1000)
        text = " ".join(words[start : start + 1000])[:_LETTER_BYTES]
        title = " ".join(rng.sample(words, 4)).replace("\n", " ")
        dated = (_TODAY - datetime.timedelta(days=number % 2000)).isoformat()
        yield {"v": 1, "kind": "letter", "title": title, "from_whom": rng.choice(words), "dated": dated, "found_text": text}


def _fill(opened: Opened, section_id: str, count: int) -> str:
    """Keep `count` letters in one transaction; returns the id of the last."""
    entry_id = ""
    with editing.change(opened) as pen:
        for letter in _letters(count):
            entry_id = new_id()
            values = {"record_id": opened.record_id, "section_id": section_id, "version": 1, "state": "kept"}
            store.insert(opened.db, "entry", id=entry_id, **values)
            pen.save(entry_id, section_id, 1, letter)
    return entry_id


# -- how it is measured and said


@dataclass(frozen=True)
class _Times:
    """The middle and the slow end of several measurements, in seconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, times: Sequence[float]) -> _Times:
        """Of measurements."""
        ordered = sorted(times)
        return cls(statistics.median(ordered), ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)])

    def __str__(self) -> str:
        return f"p50 {self.p50 * 1000:8.2f} ms   p95 {self.p95 * 1000:8.2f} ms"


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _side_by_side(rounds: int, ours: Callable[[], object], bare: Callable[[], object]) -> tuple[_Times, _Times]:
    """Both, turn by turn, so that a slow moment of the machine slows both."""
    ours(), bare()
    pairs_ = [(_timed(ours), _timed(bare)) for _ in range(rounds)]
    return _Times.of([one for one, _other in pairs_]), _Times.of([other for _one, other in pairs_])


def _say(echo: Callable[[str], None], what: str, ours: _Times, bare_name: str, bare: _Times, goal: str = "") -> None:
    echo(f"  {what:<34} {ours}{f'   (goal: {goal})' if goal else ''}")
    echo(f"  {bare_name:<34} {bare}")
    echo(f"  {'ours to that':<34} {ours.p50 / bare.p50:.1f}")


def _memory_mb() -> float:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / _MEGABYTE
    except OSError:  # not Linux: the figure is left at nothing rather than guessed
        return 0.0


@contextmanager
def _watched_memory() -> Iterator[list[float]]:
    """Yields a list whose one number is, in the end, how many MB more there were at the worst moment."""
    before, worst, stop = _memory_mb(), [0.0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.002):
            worst[0] = max(worst[0], _memory_mb() - before)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield worst
    finally:
        stop.set()
        thread.join()


# -- signing in


def _sign_in(echo: Callable[[str], None]) -> None:
    echo(f"Signing in, {Cost()}; bare: Argon2id alone, all of them at once, on a lane each")
    for at_once, rounds, goal in ((1, 20, ""), (2, 20, "p95 600 ms"), (16, 6, "200 MB more")):
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            ours, busy, more = pool.submit(_sign_in_apart, at_once, rounds, True).result()
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            bare, _busy, bare_more = pool.submit(_sign_in_apart, at_once, rounds, False).result()
        _say(echo, f"{at_once} at once", ours, "Argon2id alone", bare, goal)
        asked = f"; {busy:.0%} asked to come back" if busy else ""
        echo(f"  {'memory':<34} {more:.0f} MB more, the bare ones {bare_more:.0f} MB{asked}")


def _sign_in_apart(at_once: int, rounds: int, is_ours: bool) -> tuple[_Times, float, float]:
    """In a process of its own, so that no memory of before is counted: times, the share sent away, MB more."""
    pepper = secrets.token_bytes(32)
    person = replace(new_person(new_id()), just_us=keys.new_just_us())
    account, cost = _account(person), Cost()
    sealed = keys.seal_by_passphrase(person, _WORDS, pepper, cost)
    times: list[float] = []
    sent_away: list[int] = []

    def ours() -> object:
        return keys.open_by_passphrase(account, sealed, _WORDS, pepper)

    def bare() -> object:
        # Two of several lanes in one process would wait for each other for ever (see plumbing/crypto/passphrase.py).
        work = Argon2id(
            salt=sealed.salt,
            length=32,
            iterations=cost.iterations,
            lanes=cost.lanes if at_once == 1 else 1,
            memory_cost=cost.memory_kib,
            secret=pepper,
        )
        return work.derive(_WORDS.encode())

    def one(begin: threading.Barrier) -> None:
        begin.wait()
        try:
            times.append(_timed(ours if is_ours else bare))
        except Busy:
            sent_away.append(1)

    with _watched_memory() as more:
        for _round in range(rounds):
            begin = threading.Barrier(at_once)
            threads = [threading.Thread(target=one, args=[begin]) for _ in range(at_once)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    return _Times.of(times), len(sent_away) / (at_once * rounds), more[0]


# -- opening, listing, finding


def _open_one(here: _House, echo: Callable[[str], None]) -> None:
    opened = here.record()
    entry_id = _fill(opened, opened.sections[0].id, 50)
    sealed = here.db.execute("SELECT sealed FROM entry_version WHERE entry_id = ?", [entry_id]).fetchone()[0]
    echo("\nOpening one entry of 4 KB, from nothing but the person's keys: keyring, statements, roster, book, keys, entry")
    message, signing, sealing = bytes(200), pairs.signing_pair(), pairs.sealing_pair()
    signature, wrapped, bare = (
        pairs.sign(signing.private, message),
        pairs.wrap(sealing.public, bytes(200), message),
        _bare(sealed),
    )

    def primitives() -> None:
        for _ in range(2):
            pairs.unwrap(sealing.private, wrapped, message)
        for _ in range(4):
            pairs.verify(signing.public, signature, message)
        for _ in range(4):
            bare()

    ours, same = _side_by_side(500, lambda: here.enter(opened.record_id).entry(entry_id), primitives)
    _say(echo, "opened", ours, "2 HPKE, 4 Ed25519, 4 AES-GCM alone", same, "1 ms")
    ours, one = _side_by_side(500, lambda: here.enter(opened.record_id).entry(entry_id), bare)
    _say(echo, "opened", ours, "AES-256-GCM of its bytes alone", one)


def _bare(*sealed: bytes) -> Callable[[], object]:
    """AES-256-GCM alone, of as many bytes."""
    cipher, nonce = AESGCM(bytes(32)), bytes(12)
    made = [cipher.encrypt(nonce, bytes(len(one)), None) for one in sealed]
    return lambda: [cipher.decrypt(nonce, one, None) for one in made]


def _list_and_search(here: _House, size: int, echo: Callable[[str], None]) -> None:
    opened = here.record()
    section_id = opened.sections[0].id
    _fill(opened, section_id, size)
    rows = here.db.execute("SELECT sealed FROM entry_version WHERE section_id = ?", [section_id]).fetchall()
    bare = _bare(*(row[0] for row in rows))
    echo(f"\n{size:,} letters of 4 KB, {sum(len(row[0]) for row in rows) / _MEGABYTE:.1f} MB sealed")
    rounds = max(5, 40_000 // (size + 1000))

    def listed() -> list[Any]:
        return here.enter(opened.record_id).entries()

    ours, same = _side_by_side(rounds, listed, bare)
    _say(echo, "opened, all of them", ours, "AES-256-GCM of the bytes alone", same, "150 ms" if size == 1000 else "")
    entries, asked = listed(), iter(_ASKED * rounds * 2)
    ours, same = _side_by_side(rounds, lambda: search(entries, next(asked)), bare)
    _say(echo, "then searched", ours, "AES-256-GCM of the bytes alone", same, "100 ms" if size == 1000 else "")


# -- a photo, and new keys


def _photo(here: _House, echo: Callable[[str], None]) -> None:
    photo = _photograph()
    echo(f"\nKeeping a photo of {_PHOTO[0] * _PHOTO[1] / _MEGABYTE:.0f} megapixels, {len(photo) / _MEGABYTE:.1f} MB")
    opened = here.record()
    entry = editing.add(opened, opened.root_id, {"v": 1, "kind": "letter"}, state="draft")
    page = clean(photo).pages[0]

    def kept() -> None:
        picture = clean(photo).pages[0]
        files = editing.attach(
            opened, entry.id, {"image": (picture.jpeg, "image/jpeg"), "thumb": (picture.thumbnail, "image/jpeg")}
        )
        written = {file.id: file.written() for file in files.values()}
        editing.revise(opened, entry.id, lambda document: document | {"files": document.get("files", {}) | written})

    def pillow() -> None:
        image = Image.open(io.BytesIO(photo))
        image.draft("RGB", (page.width, page.height))
        image.thumbnail((page.width, page.height), Image.Resampling.LANCZOS, reducing_gap=2)
        image.save(io.BytesIO(), "JPEG", quality=80)

    ours, same = _side_by_side(8, kept, pillow)
    _say(echo, "made safe, sealed and kept", ours, "Pillow alone, in this process", same)


def _photograph() -> bytes:
    """A sheet as a phone sees it: a shaded page, grain, and lines of print."""
    grain = Image.effect_noise(_PHOTO, 24).convert("L")
    shade = Image.linear_gradient("L").resize(_PHOTO)
    out = io.BytesIO()
    Image.merge("RGB", [Image.blend(grain, shade, 0.4)] * 3).save(out, "JPEG", quality=90)
    return out.getvalue()


def _rotate(here: _House, echo: Callable[[str], None]) -> None:
    opened = here.record()
    section_id = opened.sections[0].id
    _fill(opened, section_id, _IN_ROTATION)
    rows = here.db.execute("SELECT sealed FROM entry_version WHERE section_id = ?", [section_id]).fetchall()
    bare, again = _bare(*(row[0] for row in rows)), _bare(*(row[0] for row in rows))
    echo(f"\nNew keys for a section with {_IN_ROTATION:,} entries, as withdrawing a grant makes them, on the disk")

    def rotated() -> None:
        with editing.change(opened) as pen:
            record_keys.rotate(opened, [section_id])
            pen.note("new_keys")

    ours, same = _side_by_side(8, rotated, lambda: (bare(), again()))
    _say(echo, "rotated", ours, "AES-256-GCM, out and in again, alone", same, "500 ms")

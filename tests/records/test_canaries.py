"""Nothing that a family writes, says or photographs is found in any file of the server, in any way of writing.

A real server, every kind of entry by its own page, a unique word in every field and file name, and in all that a telephone writes
into a photo; searched, refused, failed and killed. Then every file that the server has touched is looked through: for those,
and for words that were planted there on purpose, which are found.
"""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import signal
import socket
import sqlite3
import time
from email import message_from_bytes, policy
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from plumbing.settings import Settings
from records.kinds import KINDS
from records.sections import DEFAULT_SECTIONS
from tests.conftest import Server
from tests.plumbing.files import samples
from tests.records.browser import Browser, as_it_stands, multipart
from tests.records.marks import STEM, mark, search, ways
from tests.records.planners import WRITTEN_HERE, plan_everything
from tests.records.sharers import share_everything

WORDS = f"{STEM} wellies piano rain"
TYPED = {"date": "3/2/2027", "time": "2.30pm"}


class Household:
    """Amina at her browser, before a server of its own, and every folder that server can write into."""

    def __init__(self, data: Path) -> None:
        self.data, self.temporary = data, data.with_name("temporary")
        self.temporary.mkdir()
        self.memory = Settings(data=data).sessions_db.parent
        # The default place for sessions, in memory, and a folder of our own for temporary files.
        self.server = Server(data, LINKBOOK_SESSIONS="", TMPDIR=str(self.temporary))
        self.amina = Browser(self.server.url)
        self.record = ""
        self.secrets: list[str] = [STEM, samples.CANARY]

    @property
    def folders(self) -> list[Path]:
        """Every folder the server can write into."""
        beside = [path for path in self.data.parent.iterdir() if path.is_dir()]
        return [*beside, self.memory]

    def processes(self) -> list[int]:
        """The server and its workers."""
        master = self.server.process.pid
        return [master, *map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split())]

    def kill(self) -> None:
        """As a machine that goes out would."""
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        self.server.process.wait()

    def get(self, address: str):
        """A page that has to be there."""
        page = self.amina.open(address)
        assert page.status == 200, f"{address}: {page.status}"
        return page


def photo(file_format: str = "JPEG", size: tuple[int, int] = (600, 800)) -> bytes:
    """A photo with a word wherever one can be in it."""
    image, out, exif = Image.new("RGB", size, "white"), io.BytesIO(), Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x9286] = mark(), mark(), mark()
    exif.get_ifd(0x8825)[29] = mark()
    if file_format == "PNG":
        words = PngInfo()
        words.add_text("Comment", mark())
        words.add_itxt("Title", mark())
        image.save(out, "PNG", pnginfo=words, exif=exif)
    else:
        image.save(out, file_format, exif=exif, **({"comment": mark().encode()} if file_format == "JPEG" else {}))
    return out.getvalue()


def pdf() -> bytes:
    """A PDF with a word in its title, its metadata and on its page."""
    made, out = pikepdf.new(), io.BytesIO()
    page = made.add_blank_page(page_size=(595, 842))
    page.Contents = made.make_stream(f"BT ({mark()}) Tj ET".encode())
    made.docinfo["/Title"] = mark()
    with made.open_metadata() as words:
        words["dc:description"] = mark()
    made.save(out)
    return out.getvalue()


def file(content: bytes, ending: str, kind: str = "image/jpeg"):
    """A file with a word in its name, as a form sends it."""
    return ("files", (f"{mark()}.{ending}", content, kind))


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory, starter: Path):
    """A household where everything has been done once, whose server was killed."""
    home = Household(Path(shutil.copytree(starter, tmp_path_factory.mktemp("lived") / "data")))
    try:
        _register(home)
        sections = _write_every_kind(home)
        letter = _letters(home, sections)
        _around(home, letter)
        share_everything(home, letter)
        _to_a_guest(home, letter)
        _from_a_school(home)
        # Somebody reads while the last things are done: so the write-ahead log is still there when everything stops.
        reader = sqlite3.connect(home.data / "family.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchone()
        _go_wrong(home, letter)
        _kill_in_the_middle_of_an_upload(home)
        yield home
        reader.close()
    finally:
        if home.server.process.poll() is None:
            home.server.stop()
        shutil.rmtree(home.memory, ignore_errors=True)


def _register(home: Household) -> None:
    amina = home.amina
    page = amina.send(home.get("/register"), shown_name="Amina", email="amina@example.org", passphrase=WORDS)
    assert page.status == 200, page.text
    sheet = amina.send(home.get("/kit"), "/kit")
    (code,) = set(re.findall(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", sheet.text)) or {"-".join(_groups(sheet.text))}
    home.secrets += [code, code.replace("-", "")]
    home.record = amina.fill(home.get("/records/new"), "/records/new", born="3 May 2019").address
    assert STEM in home.get(home.record).text


def _groups(text: str) -> list[str]:
    groups = re.findall(r">\s*([0-9A-HJKMNP-TV-Z]{4})\s*<", text)
    assert len(groups) >= 7, "The sheet shows seven groups."
    return groups[:7]


def _write_every_kind(home: Household) -> dict[str, str]:
    """An entry of each kind in the section it belongs to; returns the sections' addresses by what they were made as."""
    amina, seen = home.amina, {}
    amina.fill(home.get(f"{home.record}/sections"), "/sections")  # a section of their own, and all the old names stay
    tiles = re.findall(r'href="([^"]+/sections/[0-9a-f]{32})"', home.get(home.record).text)
    pages = [home.get(tile) for tile in tiles] + [home.get(f"{home.record}/about-me"), home.get(f"{home.record}/just-us")]
    for page in pages:
        for address, kind in sorted(set(re.findall(r'href="([^"]+/new/([a-z_]+))"', page.text))):
            fields = {one.name: TYPED[one.type] for one in KINDS[kind].fields if one.type in TYPED}
            form = home.get(address)
            options = {one.name: one.options[0] for one in KINDS[kind].fields if one.type == "choice"}
            kept = amina.fill(
                form,
                "/new/",
                **{
                    name: value
                    for name, value in (fields | options).items()
                    if name in as_it_stands(form.form("/new/")) or name in options
                },
            )
            assert kept.status == 200, f"{kind}: {kept.status} {kept.address}"
            assert STEM in kept.text, f"{kind} shows what was written"
            seen[kind] = kept.address
    about_me = amina.fill(home.get(f"{home.record}/about-me/edit"), "", [("photo", (f"{mark()}.jpg", photo(), "image/jpeg"))])
    assert STEM in about_me.text
    plan_everything(home)
    expected = {kind for section in DEFAULT_SECTIONS for kind in section.kinds} - {"letter", "voice", "about_me"} - WRITTEN_HERE
    assert seen.keys() >= expected, "every kind was written"
    return {"tiles": tiles[0], **seen}


def _letters(home: Household, entries: dict[str, str]) -> str:
    """Letters of every sort of file, and a voice note; returns the address of the first letter."""
    amina, record, kept = home.amina, home.record, []
    for files in (
        [file(photo(), "jpg"), file(photo("PNG"), "png", "image/png"), file(photo("WEBP"), "webp", "image/webp")],
        [file(samples.jpeg(), "jpg"), file(pdf(), "pdf", "application/pdf"), file(samples.png(), "png", "image/png")],
        [file(photo(size=(3000, 2000)), "jpg")],
    ):
        tray = amina.send(home.get(f"{record}/letters/new"), "/letters/new", files)
        assert "/drafts/" in tray.address, tray.text
        kept.append(amina.fill(tray, "/keep", dated="3/2/2027", section=_first_section(tray)))
        assert STEM in kept[-1].text, kept[-1].address
    note = amina.send(
        home.get(f"{record}/voice/new"), "/voice/new", [file(samples.recording("webm", sound="libopus"), "webm", "audio/webm")]
    )
    assert STEM in amina.fill(note, "/keep", dated="3/2/2027", section=_first_section(note)).text
    amina.send(home.get(f"{record}/letters/new"), "/letters/new", [file(photo(), "jpg")])  # a draft that stays one
    return kept[0].address


def _first_section(page) -> str:
    found = re.findall(r'name="section" value="([0-9a-f]{32})"', page.text)
    assert found, "A tray asks for a section."
    return found[0]


def _to_a_guest(home: Household, letter: str) -> None:
    """A pack for somebody who has no account: made, opened, printed, and closed."""
    (form,) = re.findall(r'href="([^"]+/pack\?entry=[0-9a-f]{32})"', home.get(letter).text)
    given = home.amina.fill(home.get(form), "")
    (code,), pin = re.findall(r"/pack#([0-9A-Z-]{34})", given.text)[:1], "".join(re.findall(r"<li>(\d{3})</li>", given.text))
    home.secrets += [code, code.replace("-", "")]
    guest = Browser(home.server.url)
    shown = guest.send(guest.open("/pack"), "/pack", code=code, pin=pin)
    assert STEM in shown.text, shown.address
    for address in (*re.findall(r'src="(/pack/[^"]+)"', shown.text), "/pack/shared.pdf"):
        assert guest.open(address).status == 200, address
    assert guest.send(shown, "/pack/close").status == 200
    assert home.get(given.address).status == 200


def _from_a_school(home: Household) -> None:
    """Letters by a link, from somebody who has no account: one kept, one refused, one that waits; and one file that is none."""
    amina, record = home.amina, home.record
    given = amina.send(home.get(f"{record}/letter-box"), name=mark(), label=mark())
    code = re.findall(r"/put-in#([0-9A-Z-]{34})", given.text)[0]
    home.secrets += [code, code.replace("-", "")]
    school = Browser(home.server.url)
    for files in ([file(photo(), "jpg")], [file(pdf(), "pdf", "application/pdf")], [file(photo(size=(3000, 4000)), "jpg")]):
        form = school.send(school.open("/put-in"), code=code)
        refused = school.fill(form, "/put-in/", files=[*files, file(mark().encode(), "txt", "text/plain")], dated="3/2/2026")
        assert refused.status == 400, refused.text
        sent = school.fill(refused, "/put-in/", files=files)
        assert sent.address.endswith("/put-in/thanks"), sent.text
    kept, no, _waits = dict.fromkeys(re.findall(r'href="([^"]+/to-file/[0-9a-f]{32})"', home.get(f"{record}/to-file").text))
    page = home.get(kept)
    assert amina.send(page, "/keep", section=_first_section(page)).status == 200
    assert amina.send(home.get(no), "/refuse").status == 200


def _around(home: Household, letter: str) -> None:
    """Everything else that can be done with a record."""
    amina, record = home.amina, home.record
    for address in (
        "",
        "/timeline",
        "/letters",
        "/dates",
        "/people",
        "/bin",
        "/log",
        "/about",
        "/about-me.pdf",
        "/book.pdf",
        "/dividers.pdf",
    ):
        home.get(record + address)
    found = amina.send(home.get(f"{record}/search"), "/search", words=STEM)
    assert found.text.count(STEM) > 20
    amina.send(found, "/search", words=mark())
    for address in (
        f"{letter}/letter.pdf",
        *re.findall(rf'src="({re.escape(letter.removeprefix(home.server.url))}/files/[0-9a-f]{{32}})"', home.get(letter).text),
    ):
        home.get(address)
    form = home.get(f"{letter}/edit")
    amina.fill(form, "/edit", note=mark(), title=mark())
    both = amina.fill(form, "/edit", note=mark(), title=mark())
    assert both.status == 409
    assert STEM in both.text
    history = home.get(f"{letter}/history")
    assert amina.send(history, "/history/").status == 200
    move = home.get(letter).form("/move")
    amina.post(move["action"], as_it_stands(move) | {"to": move.find("option")["value"] if move.find("option") else ""})
    amina.send(home.get(letter), "/bin")
    amina.send(home.get(f"{record}/bin"), "/unbin")
    amina.send(home.get(f"{record}/feed"), "/feed", do="new", words="yes")
    _confirm_address(home)
    amina.send(home.get(f"{record}/reminders"), "/reminders", wanted="yes")
    copy = amina.send(home.get(f"{record}/take-away"), "/take-away")
    assert copy.data.startswith(b"PK")
    brought = amina.send(
        home.get("/records/bring-in"), "/records/bring-in", [("copy", (f"{mark()}.zip", copy.data, "application/zip"))]
    )
    assert brought.status == 200, brought.text
    for name, passphrase in (("amina@example.org", WORDS), ("amina@example.org", mark()), (mark(), mark())):
        other = Browser(home.server.url)
        answer = other.send(other.open("/sign-in"), "/sign-in", name=name, passphrase=passphrase)
        assert ("/sign-in" in answer.address) == (passphrase != WORDS)


def _confirm_address(home: Household) -> None:
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (home.data / "outbox").glob("*.eml")]
    codes = [code for mail in mails for code in re.findall(r"\b[0-9]{6}\b", mail.get_content())]
    assert codes, "A mail brought a code."
    form = home.get("/settings/email").form()
    home.amina.post("/settings/email/code", as_it_stands(form) | {"code": codes[-1]})


def _go_wrong(home: Household, letter: str) -> None:
    """A slip, a page that is not there, and a failure in the middle of an upload."""
    amina, record = home.amina, home.record
    form = home.get(f"{letter}/edit")
    slip = amina.fill(form, "/edit", title=mark(), dated=f"31 {mark()}")
    assert (slip.status, STEM in slip.text) == (400, True)
    assert amina.open(f"{record}/entries/{'0' * 32}").status == 404
    assert STEM in amina.fill(home.get(f"{letter}/edit"), "/edit", note=mark(), title=mark()).text
    assert amina.post(f"{record}/search", {"words": mark()}).status == 400  # without its token
    kept = home.data / "attachments"
    kept.rename(home.data / "attachments-away")
    kept.write_bytes(b"")
    try:
        failed = amina.send(home.get(f"{record}/letters/new"), "/letters/new", [file(photo(), "jpg")])
        assert failed.status == 500
    finally:
        kept.unlink()
        (home.data / "attachments-away").rename(kept)


def _kill_in_the_middle_of_an_upload(home: Household) -> None:
    """Half of a large photo is on its way, and spilt to the disk, when everything stops."""
    form = home.get(f"{home.record}/letters/new").form("/letters/new")
    large = mark().encode() * 500_000
    data, kind = multipart(as_it_stands(form), [file(photo() + large, "jpg")])
    cookies = "; ".join(f"{one.name}={one.value}" for one in home.amina.cookies)
    head = f"POST {form['action']} HTTP/1.1\r\nHost: 127.0.0.1:{home.server.port}\r\nCookie: {cookies}\r\n"
    head += f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", home.server.port)) as line:
        line.sendall(head.encode() + data[: len(data) // 2])
        spilt = _spilt(home)
        assert spilt, "half an upload is on the disk"
        # A file without a name is still a file: what is on its blocks outlives the process.
        assert not any(STEM.encode() in content for content in spilt)
        home.kill()


def _spilt(home: Household) -> list[bytes]:
    for _try in range(100):
        found = []
        for process in home.processes():
            for handle in Path(f"/proc/{process}/fd").iterdir():
                target = os.readlink(handle)
                if target.startswith(str(home.temporary)) and handle.stat().st_size > 1_000_000:
                    found.append(handle.read_bytes())
        if found:
            return found
        time.sleep(0.05)
    return []


def test_nothing_of_it_is_in_any_file(lived_in):
    assert (lived_in.data / "family.db-wal").stat().st_size, "the write-ahead log is there to be looked through"
    assert len(list((lived_in.data / "attachments").glob("??/*"))) > 10
    assert lived_in.memory.is_dir()
    assert b" 500 " in lived_in.server.log.read_bytes(), "the failure is in the log"
    assert search(lived_in.folders, lived_in.secrets) == []


def test_no_cookie_is_in_any_file(lived_in):
    values = [one.value for one in lived_in.amina.cookies if len(one.value or "") > 20]
    assert values
    for value in values:
        assert search(lived_in.folders, [value]) == []


PLACES = ("data", "data/attachments/ab", "data/outbox", "data-private", "data-witness", "temporary", "memory")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("way", "written"), [pytest.param(*way, id=way[0]) for way in ways(STEM)])
def test_what_is_planted_is_found(lived_in, place, way, written):
    folder = lived_in.memory if place == "memory" else lived_in.data.parent / place
    folder.mkdir(parents=True, exist_ok=True)
    planted = folder / "planted.log"
    planted.write_bytes(os.urandom(50) + written + os.urandom(50))
    try:
        (hit,) = search(lived_in.folders, [STEM])
        assert hit == f"{planted}, {way}: {STEM}"
    finally:
        planted.unlink()


@pytest.mark.parametrize("offset", range(6))
def test_what_is_planted_inside_something_longer_is_found(lived_in, offset):
    planted = lived_in.data / "planted.json"
    planted.write_bytes(base64.b64encode(b"x" * offset + b"Dear " + STEM.encode() + b", please come"))
    try:
        assert len(search(lived_in.folders, [STEM])) == 1
    finally:
        planted.unlink()


def test_what_is_planted_in_a_row_is_found_in_the_write_ahead_log_too(lived_in):
    path = lived_in.data / "limits.db"
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE planted (words TEXT)")
    db.execute("INSERT INTO planted VALUES (?)", [mark()])
    found = search(lived_in.folders, [STEM])
    assert any("limits.db-wal" in hit for hit in found)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert any("limits.db," in hit for hit in search(lived_in.folders, [STEM]))
    db.execute("PRAGMA secure_delete = ON")
    db.execute("DROP TABLE planted")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    assert search(lived_in.folders, [STEM]) == []


def test_a_file_named_with_it_is_found(lived_in):
    planted = lived_in.data / f"{mark()}.jpg"
    planted.write_bytes(b"")
    try:
        assert len(search(lived_in.folders, [STEM])) == 1
    finally:
        planted.unlink()

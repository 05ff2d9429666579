"""A school puts a letter in and sees nothing; the family files it or says no; the link is turned off in one tap."""

from __future__ import annotations

import io
import re

import pytest

from plumbing import clock
from records import items
from records.pages import put_in
from tests.family import Member, fill, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.letters import CANARY, Desk, entry_id, pdf, photo
from tests.records.pages.readers import share

LABEL = "Letters for our family"


class Office:
    """A school's office, with a link and a browser of its own."""

    def __init__(self, member: Member, record: str, name: str = "School office") -> None:
        answer = fill(member.client, f"{record}/letter-box", name=name, label=LABEL, months="12")
        assert answer.status_code == 302, answer.text
        self.page = answer.location
        self.link = re.search(r'value="(http://localhost/put-in#[^"]+)"', member.client.get(self.page).text)[1]
        self.client = member.app.test_client()

    def open(self, typed: str = ""):
        return fill(self.client, "/put-in", code=typed or self.link)

    def fields(self) -> tuple[str, dict[str, str]]:
        """The form's address and what it carries unseen."""
        page = self.open().text
        hidden = dict(re.findall(r'name="(code|once|csrf_token)" type="hidden" value="([^"]+)"', page))
        return re.search(r'action="(/put-in/[0-9a-f]{32})"', page)[1], hidden

    def send(self, *files: bytes, form: tuple[str, dict[str, str]] | None = None, **typed: str):
        address, hidden = form or self.fields()
        usual = {"name": "Mrs Jones", "place": "Elm School", "title": "Speech report", "wish": "education_letters"}
        sent = hidden | usual | typed | {"files": [(io.BytesIO(file), "yusuf.jpg") for file in files]}
        return self.client.post(address, data=sent, content_type="multipart/form-data")


@pytest.fixture
def office(amina: Member, yusuf: str) -> Office:
    return Office(amina, yusuf)


@pytest.fixture
def desk(amina: Member, yusuf: str) -> Desk:
    return Desk(amina, yusuf)


def waiting(member: Member, record: str):
    with member.app.test_request_context():
        return items.waiting(opened(member, record))


def first(member: Member, record: str) -> str:
    """The address of the first letter that waits."""
    return re.search(rf'href="({record}/to-file/[0-9a-f]{{32}})"', member.client.get(f"{record}/to-file").text)[1]


def open_first(member: Member, record: str) -> str:
    """The page of the first letter that waits."""
    return member.client.get(first(member, record)).text


def test_a_letter_goes_in_and_is_kept_by_the_family(amina, yusuf, office, desk):
    answer = office.send(photo("one"), photo("two"), dated="3 Nov 2026", note="Please sign page two")
    assert (answer.status_code, answer.location) == (302, "/put-in/thanks")
    assert "You cannot see it again." in office.client.get("/put-in/thanks").text
    assert "1 letter to file." in amina.client.get(yusuf).text
    listed = amina.client.get(f"{yusuf}/to-file").text
    for words in ("Speech report", "Mrs Jones, Elm School", "By the link you gave to School office", "For: Education letters"):
        assert words in listed
    page = amina.client.get(first(amina, yusuf)).text
    assert "Page 2 of 2" in page
    assert "That is who they say they are." in page
    image = re.search(rf'src="({yusuf}/to-file/[^"]+)"', page)[1]
    shown = amina.client.get(image)
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert CANARY.encode() not in shown.data
    section = re.search(r'name="section" value="([0-9a-f]{32})" checked> <span>Education letters <small>Only you', page)[1]
    fields = {"title": "Speech report", "from_whom": "Elm School", "dated": "3 November 2026", "note": "Please sign page two"}
    kept = fill(amina.client, first(amina, yusuf), to=f"{first(amina, yusuf)}/keep", section=section, **fields)
    assert kept.location.startswith(f"{yusuf}/to-file?done=kept&kept=")
    assert "All is filed." in amina.client.get(kept.location).text
    letter = re.search(rf'href="({yusuf}/entries/[0-9a-f]{{32}})"', amina.client.get(kept.location).text)[1]
    entry = desk.entry(letter)
    assert (entry.section_id, entry.document["dated"], entry.document["from_whom"]) == (section, "2026-11-03", "Elm School")
    assert "It came through the letter-box, from Mrs Jones, Elm School." in amina.client.get(letter).text
    assert amina.client.get(f"{yusuf}/entries/{entry.id}/files/{entry.document['pages'][0]['image']}").status_code == 200
    assert "There is nothing to file." in amina.client.get(f"{yusuf}/to-file").text
    assert "to file." not in amina.client.get(yusuf).text


def test_a_pdf_is_pages_to_see_and_a_file_to_save(amina, yusuf, office):
    assert office.send(pdf(2)).status_code == 302
    address = first(amina, yusuf)
    saved = amina.client.get(f"{address}/original")
    assert saved.data.startswith(b"%PDF")
    assert saved.headers["Content-Disposition"] == "attachment; filename=letter.pdf"
    item = waiting(amina, yusuf)[0]
    assert amina.client.get(f"{address}/files/{item.document['original']}").status_code == 404, (
        "only pictures are shown in a page"
    )


def test_the_sender_is_told_nothing_but_the_familys_words(amina, yusuf, office):
    for page in (office.open(), office.client.get("/put-in"), office.client.get("/put-in/thanks"), office.send(b"x")):
        assert "Yusuf" not in page.text
        assert "School office" not in page.text
        assert yusuf.rsplit("/", 1)[1] not in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert LABEL in office.open().text


@pytest.mark.parametrize("form_of", ["whole", "code", "spoken"])
def test_without_a_script_the_link_or_its_code_is_pasted(office, form_of):
    code = office.link.split("#")[1]
    typed = {"whole": office.link, "code": code, "spoken": code.lower().replace("-", " ").replace("0", "o")}[form_of]
    assert LABEL in office.open(typed).text


def test_a_slip_in_the_code_is_told_apart_from_a_link_that_is_over(office):
    answer = office.open(office.link[:-1])
    assert (answer.status_code, "Check the code" in answer.text) == (400, True)
    other = office.open("0000-0000-0000-0000-0000-0000-00H9")
    assert (other.status_code, "This letter-box is closed" in other.text) == (410, True)


def test_sent_twice_it_is_one_letter(amina, yusuf, office):
    form = office.fields()
    assert [office.send(photo(), form=form).status_code for _ in range(2)] == [302, 302]
    assert len(waiting(amina, yusuf)) == 1


def test_turned_off_in_one_tap_it_takes_nothing_more(amina, yusuf, office):
    form = office.fields()
    fill(amina.client, office.page, to=f"{office.page}/close")
    for answer in (office.open(), office.send(photo(), form=form), office.send(b"x" * 2_000_000, form=form)):
        assert (answer.status_code, "This letter-box is closed" in answer.text) == (410, True)
    assert amina.client.get(office.page).status_code == 404
    assert "School office" not in amina.client.get(f"{yusuf}/letter-box").text
    assert waiting(amina, yusuf) == []


def test_after_its_last_day_it_is_closed(office):
    form = office.fields()
    with clock.moved(days=367):
        assert office.open().status_code == 410
        assert office.send(photo(), form=form).status_code == 410


def test_what_was_typed_stays_and_nothing_is_kept_where_a_file_is_refused(amina, yusuf, office):
    answer = office.send(photo(), b"<svg/>", note="Please sign")
    assert answer.status_code == 400
    for words in ("We can keep photos, PDFs", "Please sign", 'value="Mrs Jones"', "Choose the files again", "<title>Error:"):
        assert words in answer.text
    assert waiting(amina, yusuf) == []
    assert not list(amina.app.extensions["office"].attachments.glob("??/*"))


@pytest.mark.parametrize(
    ("files", "typed", "words"),
    [
        ((), {"title": "", "note": ""}, "Choose a photo or a PDF, or write a note."),
        ((), {"name": " "}, "Write your name"),
        ((), {"dated": "the other day"}, "Write the date like"),
        ((), {"wish": "just_us"}, "Not a valid choice"),
        ((b"",), {}, "That file is empty."),
        ((b"GIF89a",), {}, "We can keep photos"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_words(amina, yusuf, office, files, typed, words):
    answer = office.send(*files, **typed)
    assert (answer.status_code, words in answer.text) == (400, True)
    assert waiting(amina, yusuf) == []


def test_too_much_of_everything_is_said_in_words(amina, yusuf, office, monkeypatch):
    assert "A letter can have one PDF." in office.send(pdf(1), pdf(1)).text
    assert "A letter can have 20 photos." in office.send(*[photo()] * 22).text
    monkeypatch.setattr("records.items.MOST_OF_A_SENDER", 0)
    assert "You have sent many letters" in office.send(photo()).text
    monkeypatch.setattr("records.items.MOST_OF_A_SENDER", 20)
    monkeypatch.setattr("records.items.MOST_OF_A_RECORD", 0)
    assert "The letter-box is full." in office.send(photo()).text
    assert not list(amina.app.extensions["office"].attachments.glob("??/*"))


def test_a_sender_is_slowed_down(amina, yusuf, office, monkeypatch):
    monkeypatch.setattr(put_in, "_AN_HOUR", put_in.RateLimitItemPerHour(2))
    assert [office.send(photo()).status_code for _ in range(2)] == [302, 302]
    answer = office.send(photo(), note="Third")
    assert (answer.status_code, "Send this one in an hour." in answer.text, "Third" in answer.text) == (400, True, True)
    assert Office(amina, yusuf, "Eye clinic").send(photo()).status_code == 302, "others are not slowed down by it"


def test_the_family_may_say_no(amina, yusuf, office):
    office.send(photo())
    address = first(amina, yusuf)
    fill(amina.client, address, to=f"{address}/refuse")
    assert waiting(amina, yusuf) == []
    assert not list(amina.app.extensions["office"].attachments.glob("??/*"))
    assert amina.client.get(address).location == f"{yusuf}/to-file"


def test_kept_by_a_page_that_was_open_twice_it_leads_to_the_one_letter(amina, yusuf, office, desk):
    office.send(photo())
    address = first(amina, yusuf)
    section = re.search(r'name="section" value="([0-9a-f]{32})" checked', amina.client.get(address).text)[1]
    token = token_of(amina.client.get(address).text)
    answers = [amina.client.post(f"{address}/keep", data={"csrf_token": token, "section": section}) for _ in range(2)]
    assert answers[1].location == amina.client.get(address).location == f"{yusuf}/entries/{entry_id(address)}"
    assert answers[0].location.endswith(entry_id(address))
    assert desk.entry(answers[1].location).version == 1


def test_without_a_section_what_was_typed_stays(amina, yusuf, office):
    office.send(photo())
    address = first(amina, yusuf)
    answer = fill(amina.client, address, to=f"{address}/keep", section="0" * 32, title="Another name", dated="never")
    assert answer.status_code == 400
    for words in ("Choose a section for it.", 'value="Another name"', 'value="never"'):
        assert words in answer.text
    assert len(waiting(amina, yusuf)) == 1


def test_what_does_not_open_is_said_and_can_be_deleted(amina, yusuf, office):
    office.send(photo())
    office.send(photo(), title="A second one")
    item = waiting(amina, yusuf)[0]
    with amina.app.test_request_context():
        there = opened(amina, yusuf)
        with there.db.conn:
            there.db.execute("UPDATE letterbox_item SET sealed = x'00' WHERE id = ?", [item.id])
    page = amina.client.get(f"{yusuf}/to-file").text
    assert "Something came that does not open" in page
    assert len(re.findall(r"to-file/[0-9a-f]{32}\"", page)) == 1
    assert amina.client.get(f"{yusuf}/to-file/{item.id}").status_code == 409
    fill(amina.client, f"{yusuf}/to-file", to=f"{yusuf}/to-file/{item.id}/refuse")
    assert "Something came that does not open" not in amina.client.get(f"{yusuf}/to-file").text


def test_nobody_else_sees_or_files_what_came(amina, yusuf, office, joe):
    office.send(photo())
    item = waiting(amina, yusuf)[0]
    address = f"{yusuf}/to-file/{item.id}"
    addresses = [f"{yusuf}/to-file", address, f"{address}/original", f"{address}/files/{next(iter(item.files))}"]
    for page in (*addresses, f"{yusuf}/letter-box", office.page):
        assert joe.client.get(page).status_code == 404
    token = token_of(joe.client.get("/settings/passphrase").text)
    for post in (f"{address}/keep", f"{address}/refuse", f"{yusuf}/letter-box", f"{office.page}/close"):
        assert joe.client.post(post, data={"csrf_token": token}).status_code == 404
    assert len(waiting(amina, yusuf)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"name": ""}, "Write who it is for"), ({"label": ""}, "Write a few words"), ({"months": "13"}, "Not a valid choice"),
     ({"name": "x" * 61}, "under 60 letters")],
)  # fmt: skip
def test_a_link_that_cannot_be_made_is_said_in_words(amina, yusuf, typed, words):
    answer = fill(amina.client, f"{yusuf}/letter-box", **{"name": "School", "label": LABEL, "months": "12"} | typed)
    assert (answer.status_code, words in answer.text) == (400, True)


def test_the_log_says_what_was_done(amina, yusuf, office):
    office.send(photo())
    page = amina.client.get(f"{yusuf}/log").text
    assert "gave School office a link to the letter-box" in page
    assert "put a letter into the letter-box" in page


def test_where_the_sender_left_it_open_nothing_is_ticked_and_each_section_says_who_sees_it(amina, joe, yusuf, office):
    share(amina, yusuf, joe, "education_letters", name="Lucy Wren")
    office.send(photo(), wish="")
    page = open_first(amina, yusuf)
    assert re.findall(r'name="section" value="[0-9a-f]{32}" checked', page) == []
    assert "Education letters <small>Lucy Wren can see this</small>" in page
    assert "Health letters <small>Only you</small>" in page
    answer = fill(amina.client, first(amina, yusuf), to=f"{first(amina, yusuf)}/keep", title="Speech report")
    assert (answer.status_code, "Choose a section for it." in answer.text) == (400, True)


def test_after_one_letter_comes_the_next_and_after_the_last_all_is_filed(amina, yusuf, office):
    for title in ("First", "Second"):
        office.send(photo(), title=title)
    answer = fill(amina.client, first(amina, yusuf), to=f"{first(amina, yusuf)}/refuse")
    page = amina.client.get(answer.location).text
    assert "It is deleted." in page
    assert "A letter to file" in page
    section = re.search(r'name="section" value="([0-9a-f]{32})" checked', page)[1]
    kept = fill(amina.client, answer.location, to=f"{answer.location.split('?')[0]}/keep", section=section, title="Second")
    page = amina.client.get(kept.location).text
    assert "It is kept." in page
    assert "All is filed." in page
    assert amina.client.get(f"{yusuf}/to-file?done=kept&kept=x").status_code == 200


def test_the_words_above_the_senders_page_are_the_familys_own(amina, yusuf):
    page = amina.client.get(f"{yusuf}/letter-box").text
    assert re.search(r'<input[^>]*name="label"[^>]*>', page)
    assert 'value="Letters' not in page
    assert "For example: Letters for Yusuf H., class 4" in page

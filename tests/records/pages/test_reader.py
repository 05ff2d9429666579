"""A reader's way through a record: what they were given, whatever address they try, and nothing else."""

from __future__ import annotations

import datetime
import io
import re

import pytest
from flask import Flask

from plumbing import clock
from records import sections, wording
from tests.family import JOE, NOBODY, SARA, Member, fill, join_staff, sign_up, token_of
from tests.records.pages.conftest import opened
from tests.records.pages.letters import FETCH, Desk, entry_id, photo
from tests.records.pages.readers import lines, notice, record_id, share, take_up, url_of, withdraw, write

SEEN, UNSEEN = "Words for Sara to read", "Words that are none of her business"
SLUGS = [one.slug for one in sections.DEFAULT_SECTIONS if one.can_be_shared]
# All that answers somebody who was given a part to read, to add to and to copy, of what others wrote, none of it a letter with
# pages. Everything else is the family's alone.
ANSWERED = {
    *("record", "about_me", "section", "entry", "timeline_", "search", "search_form", "letters", "dates", "people"),
    *("year", "year_paper"),
    *("new_entry", "new_letter", "new_voice", "agency_copy"),
    *("meeting_plan", "answer_meeting", "invite_to_meeting", "minutes"),
    *("plan", "plan_paper", "reviews", "new_review"),
}
GIVEN = ("care_plan", "meetings", "appointments", "health_letters", "about_me")


@pytest.fixture
def sara(empty_app: Flask) -> Member:
    return join_staff(empty_app.test_client(), SARA, "key_worker")


@pytest.fixture
def filled(amina: Member, yusuf: str) -> str:
    """Something in every section, by what may be seen and what not."""
    for slug in SLUGS:
        kind = sections.kinds_for(slug)[0]
        words = SEEN if slug in GIVEN else UNSEEN
        names = {"medicine": "name", "person": "name", "note": "title", "diary": "who", "letter": "title", "address": "name"}
        named = {names.get(kind, "what"): words} | ({"liked": words} if kind == "about_me" else {})
        write(amina, yusuf, slug, kind=kind, **named)
    return yusuf


def banner(page: str) -> str:
    found = re.search(r'class="note standing"><a[^>]*>([^<]+)<', page)
    return found[1] if found else ""


def test_their_home_says_who_shares_what_for_and_how_much_they_do_not_see(amina, sara, filled):
    last_day = clock.today() + datetime.timedelta(days=100)
    share(amina, filled, sara, *GIVEN[:4], last_day=last_day)
    page = sara.client.get(filled).text
    assert "Yusuf’s record" in page
    assert "Amina shares this with you" in page
    assert "to plan short breaks together" in page
    with sara.app.test_request_context():
        assert banner(page) == f"You can see 4 of 12 sections, until {wording.date_in_words(last_day)}."
    assert "Nobody can force this record open" in page
    assert "What you agreed to" in page
    assert UNSEEN not in page
    assert "Diary" not in page


def test_whatever_address_a_reader_tries_it_answers_and_shows_nothing_else(amina, sara, filled):
    share(amina, filled, sara, *GIVEN, verb="read_and_add", copies="what_matters")
    with amina.app.test_request_context():
        of = opened(amina, filled)
        every = [(one.section_id, one.id) for one in of.entries()]
        section_ids, known = [one.id for one in of.sections], of.record_id
    token = token_of(sara.client.get(f"{filled}/search").text)
    with sara.app.test_request_context():
        urls, asked, answered = sara.app.url_map.bind("localhost"), 0, set()
        rules = [rule for rule in sara.app.url_map.iter_rules() if "record_id" in rule.arguments]
    for rule in rules:
        for section_id, entry in every if "entry_id" in rule.arguments else [(one, "0" * 32) for one in section_ids]:
            values = dict.fromkeys(rule.arguments, "0" * 32)
            values |= {"record_id": known, "section_id": section_id, "entry_id": entry, "kind": "note", "version": 1}
            values["do"] = "x"
            for method in rule.methods & {"GET", "POST"}:
                address = urls.build(rule.endpoint, {name: values[name] for name in rule.arguments}, method=method)
                answer = sara.client.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
                asked += 1
                assert answer.status_code in {200, 302, 303, 400, 401, 404, 409, 405}, f"{method} {address}: {answer.status_code}"
                page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
                assert UNSEEN not in page, f"{method} {address}"
                if answer.status_code == 200:
                    answered.add(rule.endpoint.removeprefix("records."))
                if answer.status_code == 200 and page:
                    assert "You can see 5 of 12 sections" in banner(page), f"{method} {address}"
            if not rule.arguments & {"entry_id", "section_id"}:
                break
    assert asked > 200
    assert answered == ANSWERED, "A page that answers a reader is one that was thought of: change it, or the list."


def test_no_link_or_form_on_a_readers_page_leads_nowhere(amina, sara, filled):
    share(amina, filled, sara, *GIVEN, verb="read_and_add", copies="what_matters")
    seen, ahead = set(), [filled]
    while ahead:
        address = ahead.pop()
        answer = sara.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        found = re.findall(r'(?:href|src)="([^"#]*)', answer.text)
        fresh = {one for one in found if one.startswith(filled) and one not in seen}
        seen |= fresh
        ahead += fresh
        for action in re.findall(r'<form[^>]*action="([^"]+)"', answer.text):
            sent = sara.client.post(action, data={"csrf_token": "wrong"})
            assert sent.status_code != 404, action
    assert len(seen) > 12


def test_a_grant_to_read_offers_nothing_to_add(amina, sara, filled):
    share(amina, filled, sara, *GIVEN)
    for slug in GIVEN:
        page = sara.client.get(url_of(amina, filled, slug)).text
        assert "/new" not in page.split("<main")[1], slug
    assert sara.client.get(f"{url_of(amina, filled, 'meetings')}/new/meeting").status_code == 404
    assert sara.client.get(f"{filled}/letters/new").status_code == 404
    assert sara.client.get(f"{filled}/voice/new").status_code == 404


def test_minutes_are_added_in_the_name_of_who_wrote_them(amina, sara, filled):
    share(amina, filled, sara, "meetings", verb="read_and_add")
    answer = fill(sara.client, f"{url_of(amina, filled, 'meetings')}/new/meeting", what="Team meeting", minutes="All agreed.")
    assert answer.status_code == 302
    mine = sara.client.get(answer.location).text
    assert "Change" in mine
    assert "Added by" not in mine
    theirs = amina.client.get(answer.location).text
    assert "Added by Sara, key worker" in theirs
    fill(amina.client, f"{answer.location}/edit", what="Team meeting", minutes="Nearly all agreed.", version="1")
    back = sara.client.get(answer.location).text
    assert "Last changed by Amina on" in back
    assert "Put it into the bin" not in back
    assert sara.client.get(f"{answer.location}/edit").status_code == 404
    assert sara.client.get(f"{answer.location}/history").status_code == 404


def test_what_a_holder_puts_into_the_bin_no_reader_takes_out_or_sees(amina, sara, filled):
    share(amina, filled, sara, "meetings", verb="read_and_add")
    mine = fill(
        sara.client, f"{url_of(amina, filled, 'meetings')}/new/meeting", what="Team meeting", minutes="All agreed."
    ).location
    token = token_of(sara.client.get(mine).text)
    # What she binned herself is hers to take out again.
    assert sara.client.post(f"{mine}/bin", data={"csrf_token": token}).status_code == 302
    assert sara.client.get(mine).status_code == 200
    assert sara.client.post(f"{mine}/unbin", data={"csrf_token": token}).status_code == 302
    fill(amina.client, mine, to=f"{mine}/bin")
    assert sara.client.get(mine).status_code == 404
    for end in ("unbin", "bin", "edit"):
        sent = {"csrf_token": token, "what": "Mine", "version": "1"}
        assert sara.client.post(f"{mine}/{end}", data=sent).status_code == 404, end
    assert fill(amina.client, mine, to=f"{mine}/unbin").status_code == 302
    assert sara.client.get(mine).status_code == 200


def test_what_is_in_the_bin_is_changed_by_nobody(amina, filled):
    note = write(amina, filled, "meetings", kind="meeting", what="Team meeting")
    address = f"{filled}/entries/{note.id}"
    fill(amina.client, address, to=f"{address}/bin")
    answer = fill(amina.client, address, to=f"{address}/edit", what="Another", version="1")
    assert answer.status_code == 409
    assert "Take it out of the bin first" in answer.text
    with amina.app.test_request_context():
        assert opened(amina, filled).entry(note.id).version == 1


def test_a_letter_goes_by_the_camera_into_the_section_it_is_for(amina, sara, filled):
    share(amina, filled, sara, "health_letters", "education_letters", "meetings", verb="read_and_add")
    desk = Desk(sara, filled)
    tray = desk.begin(photo())
    assert "You can see 3 of 12 sections" in banner(sara.client.get(tray).text)
    assert "not kept yet" in sara.client.get(filled).text
    with amina.app.test_request_context():
        of = opened(amina, filled)
        draft = of.entry(entry_id(tray))
        assert (draft.state, of.section(draft.section_id).slug) == ("draft", "health_letters")
        education = of.book.by_slug("education_letters")
    assert SEEN in amina.client.get(f"{filled}/letters").text
    assert "not kept yet" not in amina.client.get(filled).text, "It is Sara's to finish."
    answer = desk.post(f"{tray}/keep", section=education.id, title="From school")
    assert answer.status_code == 302, answer.text
    assert "From school" in amina.client.get(f"{filled}/letters").text
    image = re.search(r'<img src="([^"]+)"', sara.client.get(answer.location).text)
    assert sara.client.get(image[1]).mimetype == "image/jpeg"
    assert lines(amina, filled, sara)[-1]["what"] == "fetched"
    assert sara.client.get(f"{answer.location}/letter.pdf").status_code == 404, "What leaves, leaves as a copy for a file."


def test_somebody_elses_draft_is_nobodys_business(amina, joe, sara, filled):
    share(amina, filled, sara, "health_letters", verb="read_and_add")
    share(amina, filled, joe, "health_letters", verb="read_and_add")
    tray = Desk(sara, filled).begin(photo())
    assert joe.client.get(tray).status_code == 404
    assert joe.client.get(f"{filled}/entries/{entry_id(tray)}").status_code == 404
    assert "not kept yet" not in joe.client.get(filled).text
    assert Desk(joe, filled).post(f"{filled}/letters/{entry_id(tray)}/pages", photo(), fetch=True).status_code == 404


def test_pages_of_somebody_elses_letter_stay_as_they_are(amina, sara, filled):
    share(amina, filled, sara, "health_letters", verb="read_and_add")
    letter = Desk(amina, filled).keep(Desk(amina, filled).begin(photo()), title="Eye clinic")
    pages = f"{filled}/letters/{entry_id(letter)}/pages"
    before = _attachments(amina)
    assert sara.client.get(pages).status_code == 404
    token = token_of(sara.client.get(f"{filled}/letters/new").text)
    sent = {"csrf_token": token, "files": [(io.BytesIO(photo("Forged")), "page")]}
    answer = sara.client.post(pages, data=sent, content_type="multipart/form-data", headers=FETCH)
    assert answer.status_code == 404
    assert _attachments(amina) == before, "Not even sealed for nothing."
    assert "Add or turn pages" not in sara.client.get(letter).text


def test_what_a_reader_began_and_never_kept_is_gone_after_30_days_and_a_holders_is_not(amina, sara, filled):
    granted = share(amina, filled, sara, "health_letters", verb="read_and_add")
    Desk(amina, filled).begin(photo())
    before = _attachments(amina)
    Desk(sara, filled).begin(photo())
    withdraw(amina, filled, granted)
    assert _attachments(amina) != before
    with clock.moved(days=29):
        amina.app.test_cli_runner().invoke(args=["tidy"])
        assert _attachments(amina) != before
    with clock.moved(days=31):
        amina.app.test_cli_runner().invoke(args=["tidy"])
        assert _attachments(amina) == before, "What Amina began herself is still there."


def _attachments(member: Member) -> list[str]:
    return sorted(path.name for path in member.app.extensions["office"].attachments.rglob("*") if path.is_file())


def test_a_voice_note_is_heard_and_not_taken_along(amina, sara, filled):
    share(amina, filled, sara, "about_me", verb="read_and_add")
    page = sara.client.get(f"{filled}/about-me").text
    assert "/voice/new" in page
    assert sara.client.get(f"{filled}/about-me.pdf").status_code == 404


def test_withdrawn_while_the_page_is_open_the_next_tap_is_refused(amina, sara, filled):
    granted = share(amina, filled, sara, "meetings", verb="read_and_add")
    form = f"{url_of(amina, filled, 'meetings')}/new/meeting"
    token = token_of(sara.client.get(form).text)
    withdraw(amina, filled, granted)
    answer = sara.client.post(form, data={"csrf_token": token, "what": "Too late"})
    assert answer.status_code == 403
    assert "This is not shared with you now" in answer.text
    assert "Yusuf" not in answer.text
    for address in ("", "/timeline", "/letters", "/dates", "/people", "/about-me", "/search"):
        assert sara.client.get(filled + address).status_code == 403


def test_before_the_familys_page_has_seen_the_words_it_says_so(amina, sara, filled):
    take_up(amina, filled, sara, "meetings")
    answer = sara.client.get(filled)
    assert answer.status_code == 403
    assert "Amina’s page has to see" in answer.text
    assert SEEN not in answer.text
    notice(amina, filled)
    assert SEEN in sara.client.get(url_of(amina, filled, "meetings")).text


def test_who_was_never_told_is_not_told_that_there_is_a_record(empty_app, amina, filled):
    nobody = sign_up(empty_app.test_client(), NOBODY)
    answer = nobody.client.get(filled)
    assert answer.status_code == 404
    assert "shared" not in answer.text.split("<main")[1]


def test_every_page_that_shows_something_wrote_a_line_first(amina, sara, filled):
    share(amina, filled, sara, "meetings", "appointments")
    before = len(lines(amina, filled, sara))
    entry = write(amina, filled, "meetings", kind="meeting", what="Review")
    pages = {
        "": "listed",
        "/timeline": "listed",
        "/dates": "listed",
        "/letters": "listed",
        "/people": "listed",
        f"/entries/{entry.id}": "opened",
        f"/sections/{entry.section_id}": "listed",
    }
    for address, what in pages.items():
        assert sara.client.get(filled + address).status_code == 200
        fresh = lines(amina, filled, sara)[before:]
        assert what in {one["what"] for one in fresh}, address
        before += len(fresh)


def test_what_is_new_is_new_since_the_visit_before(amina, sara, filled):
    share(amina, filled, sara, "meetings")
    assert "New since" not in sara.client.get(filled).text
    with clock.moved(hours=3):
        sara.sign_in()
        assert "New since" in sara.client.get(filled).text
        write(amina, filled, "meetings", kind="meeting", what="A new meeting")
        page = sara.client.get(filled).text
        assert "A new meeting" in page
        assert page.index("New since") < page.index("A new meeting")


def test_the_holder_sees_no_banner_and_loses_nothing(amina, filled):
    page = amina.client.get(filled).text
    assert not banner(page)
    assert "The bin" in page


def test_somebody_who_may_only_put_in_sees_nothing_and_puts_in(amina, sara, filled):
    share(amina, filled, sara, "health_letters", verb="add")
    page = sara.client.get(filled).text
    assert "You can see 0 of 12 sections" in banner(page)
    assert SEEN not in page
    assert sara.client.get(url_of(amina, filled, "health_letters")).status_code == 404
    answer = fill(sara.client, f"{filled}/put-in", title="Hearing report", note="As promised")
    assert answer.status_code == 302, answer.text
    assert "It has arrived" in sara.client.get(answer.location).text
    assert "1 letter to file" in amina.client.get(filled).text
    page = amina.client.get(f"{filled}/to-file").text
    assert "Hearing report" in page
    assert "Sara" in page
    assert [one["what"] for one in lines(amina, filled, sara)] == ["took_up_words", "put_in"]


def test_a_grant_that_ended_puts_nothing_in(amina, sara, filled):
    granted = share(amina, filled, sara, "health_letters", verb="add")
    token = token_of(sara.client.get(f"{filled}/put-in").text)
    withdraw(amina, filled, granted)
    assert sara.client.post(f"{filled}/put-in", data={"csrf_token": token, "title": "Too late"}).status_code == 403
    assert "to file" not in amina.client.get(filled).text


def test_an_empty_form_puts_nothing_in_and_says_so(amina, sara, filled):
    share(amina, filled, sara, "health_letters", verb="add")
    answer = fill(sara.client, f"{filled}/put-in", dated="the 45th")
    assert answer.status_code == 400
    assert "Error:" in answer.text
    assert "Write the date like" in answer.text


def test_who_reads_has_no_door_to_put_in_by(amina, sara, filled):
    share(amina, filled, sara, "health_letters", verb="read_and_add")
    assert sara.client.get(f"{filled}/put-in").status_code == 404
    assert record_id(filled) not in sara.client.get("/").text


def test_joe_who_is_no_colleague_gets_by_without_a_copy_for_a_file(amina, joe, filled):
    share(amina, filled, joe, "meetings", name=JOE, role="dad")
    page = joe.client.get(filled).text
    assert "Copy for my agency" not in page
    assert "You can see 1 of 12 sections" in banner(page)


def test_what_a_reader_was_writing_over_what_became_the_familys_goes_beside_it(amina, sara, yusuf):
    """Sara corrects her note. Amina corrects it first: it is hers now, and Sara's words are kept beside it."""
    share(amina, yusuf, sara, "care_plan", verb="read_and_add")
    url = f"{url_of(amina, yusuf, 'care_plan')}/new/note"
    note = fill(sara.client, url, title="Fridays", words="Two hours").location
    token = token_of(sara.client.get(f"{note}/edit").text)
    fill(amina.client, f"{note}/edit", title="Fridays", words="Three hours, agreed by phone", version="1")
    typed = {"csrf_token": token, "title": "Fridays", "words": "Two hours and a half", "version": "1"}
    answer = sara.client.post(f"{note}/edit", data=typed)
    assert answer.status_code == 409
    for words in ("it is theirs now", "Three hours, agreed by phone", "Two hours and a half"):
        assert words in answer.text
    to, once = re.search(r'action="([^"]+/new/note)"', answer.text)[1], re.search(r'name="once" value="([^"]+)"', answer.text)[1]
    beside = sara.client.post(to, data=typed | {"once": once}).location
    assert "Two hours and a half" in amina.client.get(beside).text
    assert "Three hours, agreed by phone" in amina.client.get(note).text
    # Who has read the newest has nothing to be rescued: it is refused.
    assert sara.client.post(f"{note}/edit", data=typed | {"version": "2"}).status_code == 404

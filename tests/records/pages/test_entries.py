"""Writing, reading, changing and putting away entries of every kind."""

from __future__ import annotations

import re

import pytest

from records.pages.entries import ELSEWHERE
from records.sections import DEFAULT_SECTIONS
from tests.family import fill, token_of
from tests.records.pages.conftest import section_url

KINDS = [
    (section.slug, kind)
    for section in DEFAULT_SECTIONS
    for kind in section.kinds
    if kind not in {"about_me", *ELSEWHERE} and section.can_be_shared
]
NAMES = {
    "about_me": "About me",
    "health_and_needs": "Health and needs",
    "our_home": "Our home",
    "people": "People who help us",
    "appointments": "Appointments",
    "meetings": "Meetings",
    "care_plan": "Care plan",
    "family_plan": "Our family’s plan",
    "diary": "Diary",
}
SOMETHING = {"date": "3/2/2027", "time": "2.30pm", "phone": "01632 960123", "email": "khan@example.org"}


def _new(amina, yusuf, section: str, kind: str) -> str:
    if section == "about_me":
        found = re.search(r'href="([^"]+/new/note)"', amina.client.get(yusuf + "/about-me").text)
        return found[1].replace("/note", f"/{kind}")
    return section_url(amina, yusuf, NAMES[section]) + f"/new/{kind}"


def _keep(amina, yusuf, section: str, kind: str, **typed: str) -> str:
    answer = fill(amina.client, _new(amina, yusuf, section, kind), **typed)
    assert answer.status_code == 302, answer.text
    return answer.location


@pytest.mark.parametrize(("section", "kind"), KINDS)
def test_every_kind_is_written_read_changed_and_put_away(amina, yusuf, section, kind):
    form = amina.client.get(_new(amina, yusuf, section, kind)).text
    names = re.findall(r'<(?:input|textarea)[^>]* name="([a-z_]+)"', form)
    typed = {
        name: SOMETHING.get(name, f"word-of-{name}") for name in names if name not in {"csrf_token", "once", "passphrase", "pin"}
    }
    options = dict(re.findall(r'type="radio"[^>]*name="([a-z_]+)" value="([^"]+)"', form))
    for name in typed:
        if re.search(rf'id="field-{name}"[^>]*aria-describedby', form) and "date" in name:
            typed[name] = "3/2/2027"
    typed |= {name: "3/2/2027" for name in typed if name in {"since", "until", "checked_on", "next_check", "promised_by_date"}}
    typed |= {name: "4pm" for name in typed if name == "ends"}
    typed |= options
    entry = _keep(amina, yusuf, section, kind, **typed)
    page = amina.client.get(entry).text
    words = [value for value in typed.values() if value.startswith("word-of-")]
    assert not [word for word in words if word not in page]
    assert (
        fill(
            amina.client, entry + "/edit", **typed | {"version": "1"} | ({"words": "Changed"} if "words" in typed else {})
        ).status_code
        == 302
    )
    assert "As it was before" in amina.client.get(entry).text
    assert fill(amina.client, entry, to=entry + "/bin").status_code == 302
    assert "This is in the bin." in amina.client.get(entry).text


def test_an_empty_entry_is_not_kept(amina, yusuf):
    answer = fill(amina.client, _new(amina, yusuf, "diary", "diary"), words="  ")
    assert answer.status_code == 400
    assert "Write at least one thing" in answer.text


def test_an_unclear_date_is_said_and_nothing_typed_is_lost(amina, yusuf):
    answer = fill(
        amina.client, _new(amina, yusuf, "appointments", "appointment"), what="Clinic", date="31 February 2027", bring="Red book"
    )
    assert answer.status_code == 400
    assert "there is no such day" in answer.text
    assert 'value="31 February 2027"' in answer.text
    assert "Red book" in answer.text
    assert "<title>Error:" in answer.text


def test_two_tabs_saving_are_shown_both(amina, yusuf):
    entry = _keep(amina, yusuf, "diary", "diary", words="First")
    assert fill(amina.client, entry + "/edit", words="Hers", version="1").status_code == 302
    answer = fill(amina.client, entry + "/edit", words="His", version="1")
    assert answer.status_code == 409
    assert "Hers" in answer.text
    assert ">His</textarea>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert "Hers" in amina.client.get(entry).text


@pytest.mark.parametrize("version", ["", "-1", "²", "0", "99", "x" * 50])
def test_a_save_based_on_no_version_overwrites_nothing(amina, yusuf, version):
    entry = _keep(amina, yusuf, "diary", "diary", words="First")
    assert fill(amina.client, entry + "/edit", words="Second", version=version).status_code == 409
    assert "First" in amina.client.get(entry).text


def test_an_earlier_version_can_be_brought_back(amina, yusuf):
    entry = _keep(amina, yusuf, "diary", "diary", words="First")
    fill(amina.client, entry + "/edit", words="Second", version="1")
    fill(amina.client, entry + "/history", to=entry + "/history/1")
    assert "First" in amina.client.get(entry).text
    assert fill(amina.client, entry + "/history", to=entry + "/history/77").status_code == 404


def test_the_bin_gives_back_and_deletes_for_good_only_after_the_passphrase(amina, yusuf):
    entry = _keep(amina, yusuf, "diary", "diary", words="Away")
    token = token_of(amina.client.get(entry).text)
    assert amina.client.post(entry + "/delete", data={"csrf_token": token}).status_code == 404, "not in the bin"
    fill(amina.client, entry, to=entry + "/bin")
    assert "Diary note" in amina.client.get(yusuf + "/bin").text
    fill(amina.client, entry, to=entry + "/unbin")
    assert "Away" in amina.client.get(entry).text
    fill(amina.client, entry, to=entry + "/bin")
    assert fill(amina.client, entry, to=entry + "/delete").status_code == 302
    assert amina.client.get(entry).status_code == 404


def test_nobody_else_reads_changes_or_deletes_an_entry(amina, joe, yusuf):
    entry = _keep(amina, yusuf, "diary", "diary", words="Ours")
    token = token_of(joe.client.get("/records/new").text)
    for rest in ("", "/edit", "/history"):
        assert joe.client.get(entry + rest).status_code == 404
    for rest in ("/edit", "/bin", "/unbin", "/delete", "/move", "/history/1"):
        assert joe.client.post(entry + rest, data={"csrf_token": token, "words": "x"}).status_code == 404
    assert "Ours" in amina.client.get(entry).text


def test_an_entry_of_one_record_is_not_read_through_another(amina, joe, yusuf):
    from tests.records.pages.conftest import begin_record

    entry = _keep(amina, yusuf, "diary", "diary", words="Ours")
    other = begin_record(amina, "Mariam")
    assert amina.client.get(other + entry.removeprefix(yusuf)).status_code == 404


def test_a_form_without_its_token_changes_nothing(amina, yusuf):
    entry = _keep(amina, yusuf, "diary", "diary", words="Ours")
    assert amina.client.post(entry + "/bin").status_code == 400
    assert "Put it into the bin" in amina.client.get(entry).text


@pytest.mark.parametrize("kind", ["letter", "medicine", "nonsense"])
def test_a_section_takes_only_what_belongs_there(amina, yusuf, kind):
    assert amina.client.get(section_url(amina, yusuf, "Diary") + f"/new/{kind}").status_code == 404


def test_just_us_asks_for_the_passphrase_and_is_in_no_list(amina, yusuf):
    fill(amina.client, yusuf + "/just-us", to=yusuf + "/just-us/close")
    assert amina.client.get(yusuf + "/just-us").location.startswith("/again")
    fill(amina.client, "/again?next=" + yusuf + "/just-us", passphrase=amina.passphrase)
    page = amina.client.get(yusuf + "/just-us")
    assert page.status_code == 200
    new = re.search(r'href="([^"]+/new/note)"', page.text)[1]
    entry = fill(amina.client, new, words="For nobody else").location
    assert "For nobody else" in amina.client.get(entry).text
    answer = fill(amina.client, yusuf + "/search", words="nobody")
    assert "0 found" in answer.text
    fill(amina.client, yusuf + "/just-us", to=yusuf + "/just-us/close")
    assert amina.client.get(entry).status_code == 404


def test_about_me_is_one_page_with_five_answers(amina, yusuf):
    answer = fill(
        amina.client, yusuf + "/about-me/edit", liked="My smile", matters="Music", support="", communicate="", in_an_emergency=""
    )
    assert answer.status_code == 302
    page = amina.client.get(yusuf + "/about-me").text
    assert "My smile" in page
    again = fill(amina.client, yusuf + "/about-me/edit", liked="My laugh", matters="Music", version="1")
    assert again.status_code == 302
    assert "My laugh" in amina.client.get(yusuf + "/about-me").text
    stale = fill(amina.client, yusuf + "/about-me/edit", liked="His", version="1")
    assert stale.status_code == 409
    assert "My laugh" in stale.text
    pdf = amina.client.get(yusuf + "/about-me.pdf")
    assert pdf.data.startswith(b"%PDF")


def test_a_service_is_saved_from_the_directory_with_its_title_of_that_day(amina, yusuf):
    service = "11111111-1111-1111-1111-111111111111"
    answer = fill(
        amina.client,
        yusuf + "/about",
        to="/people/from-the-directory",
        service_id=service,
        service_title="Swim club",
        name="Swim club",
        phone="01632 960001",
    )
    assert answer.status_code == 302
    page = amina.client.get(answer.location).text
    assert "Saved from the directory as “Swim club”" in page
    again = fill(
        amina.client,
        yusuf + "/about",
        to="/people/from-the-directory",
        service_id=service,
        service_title="Swim club",
        name="Swim club",
    )
    assert again.location == answer.location
    assert fill(amina.client, yusuf + "/about", to="/people/from-the-directory", service_id="").status_code == 400
    assert "tel:+44-1632-960001" in amina.client.get(yusuf + "/people").text


def test_an_appointment_goes_into_a_calendar_without_its_words(amina, yusuf):
    entry = _keep(
        amina, yusuf, "appointments", "appointment", what="Eye clinic", date="3/2/2027", time="2.30pm", place="Harbourne"
    )
    file = amina.client.get(entry + "/calendar")
    assert file.mimetype == "text/calendar"
    assert b"SUMMARY:Appointment" in file.data
    assert b"Eye clinic" not in file.data
    assert "Eye clinic" in amina.client.get(yusuf + "/dates").text
    assert "Next: Eye clinic" in amina.client.get(yusuf).text


def test_a_service_can_be_saved_only_by_somebody_who_keeps_a_record(own_app):
    from tests.family import AMINA, sign_up
    from tests.records.pages.conftest import begin_record

    visitor = own_app.test_client()
    listed = re.search(r'href="(/services/[^"]+)"', visitor.get("/search?q=autism").text)[1]
    assert "Save to People who help us" not in visitor.get(listed).text
    member = sign_up(visitor, AMINA)
    assert "Save to People who help us" not in visitor.get(listed).text
    record = begin_record(member)
    page = visitor.get(listed).text
    fields = dict(re.findall(r'name="(service_id|service_title|name|phone|email)" value="([^"]*)"', page))
    answer = visitor.post("/people/from-the-directory", data={"csrf_token": token_of(page)} | fields)
    assert answer.location.startswith(record)
    assert "Saved from the directory" in visitor.get(answer.location).text


def test_a_kept_day_and_time_stand_in_their_form_as_people_write_them(amina, yusuf):
    entry = _keep(amina, yusuf, "appointments", "appointment", what="Eye clinic", date="3/2/2027", time="2.30pm")
    form = amina.client.get(entry + "/edit").text
    assert 'value="3 February 2027"' in form
    assert 'value="2.30pm"' in form


def test_a_form_sent_twice_is_one_entry_and_one_child(amina, yusuf):
    address = _new(amina, yusuf, "diary", "diary")
    page = amina.client.get(address).text
    sent = {
        "csrf_token": token_of(page),
        "once": re.search(r'name="once" value="([0-9a-f]{32})"', page)[1],
        "words": "Called twice",
    }
    first, second = amina.client.post(address, data=sent), amina.client.post(address, data=sent)
    assert first.location == second.location
    assert amina.client.get(section_url(amina, yusuf, "Diary")).text.count("Called twice") == 1
    page = amina.client.get("/records/new").text
    once = re.search(r'name="once"[^>]*value="([0-9a-f]{32})"', page)[1]
    child = {"csrf_token": token_of(page), "once": once, "called": "Mariam"}
    assert amina.client.post("/records/new", data=child).location == amina.client.post("/records/new", data=child).location
    assert amina.client.get(yusuf).text.count(">Mariam</a>") == 1

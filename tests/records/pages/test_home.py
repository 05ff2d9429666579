"""First steps, Home, and the way from the bar."""

from __future__ import annotations

import pytest

from tests.family import BETH, SARA, fill, join_staff
from tests.records.pages.conftest import begin_record, section_url
from tests.records.pages.readers import write


def test_a_record_begins_with_one_answer(amina):
    answer = fill(amina.client, "/records/new", called="Y", born="", nation="")
    home = amina.client.get(answer.location)
    assert "Y’s record" in home.text
    assert "Only you can see this." in home.text


def test_home_has_a_tile_for_every_section_and_for_just_us(amina, yusuf):
    home = amina.client.get(yusuf).text
    for name in ("About me", "Health and needs", "Our home", "People who help us", "Diary", "Just us"):
        assert f"<span>{name}</span>" in home


def test_home_says_what_is_late_in_a_plan_and_nothing_where_all_is_in_time(amina, yusuf):
    plan = f'href="{yusuf}/plan/'
    write(amina, yusuf, "care_plan", kind="action", what="Ring the shop", by_when="2099-01-01")
    assert plan not in amina.client.get(yusuf).text
    write(amina, yusuf, "care_plan", kind="action", what="Ask for a guard", by_when="2020-01-01")
    home = amina.client.get(yusuf).text
    assert "1 thing is late" in home
    assert plan in home
    assert "Ask for a guard" not in home, "whoever looks over her shoulder does not read it"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("called", " ", "Write what they like to be called"),
        ("called", "x" * 61, "under 60 letters"),
        ("born", "yesterday week", "Write the date of birth like"),
        ("born", "3 May 2035", "Check the year"),
        ("born", "31 February 2019", "Write the date of birth like"),
    ],
)
def test_what_cannot_be_a_child_is_said_and_what_was_typed_stays(amina, field, typed, said):
    typed_in = {"called": "Yusuf", "born": "3 May 2019", "nation": "wales"} | {field: typed}
    answer = fill(amina.client, "/records/new", **typed_in)
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="wales" checked' in answer.text
    assert amina.client.get("/record").location.endswith("/records/new"), "nothing was made"


def test_a_parent_can_keep_more_than_one_childs_record(amina, yusuf):
    mariam = begin_record(amina, "Mariam")
    assert "Yusuf" in amina.client.get(mariam).text
    assert amina.client.get("/record").location == mariam
    amina.client.get(yusuf)
    assert amina.client.get("/record").location == yusuf


def test_nobody_else_is_told_that_a_record_is_there(joe, yusuf):
    assert joe.client.get(yusuf).status_code == 404
    assert joe.client.get("/records/" + "0" * 32).status_code == 404


def test_a_stranger_is_asked_to_sign_in(empty_app, yusuf):
    answer = empty_app.test_client().get(yusuf)
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in")


def test_staff_begin_no_record(empty_app):
    sara = join_staff(empty_app.test_client(), SARA, "key_worker")
    assert sara.client.get("/records/new").status_code == 403


def test_the_name_may_change(amina, yusuf):
    answer = fill(amina.client, yusuf + "/about", called="Yus", born="", nation="")
    assert answer.status_code == 302
    assert "Yus’s record" in amina.client.get(yusuf).text


def test_pages_of_a_record_are_kept_by_no_cache_and_named_by_nobody(amina, yusuf):
    home = amina.client.get(yusuf)
    assert home.headers["Cache-Control"] == "no-store"
    assert "Yusuf" not in home.text.split("</title>")[0]


def test_a_sole_holders_sign_ins_are_in_the_log(amina, yusuf):
    amina.sign_in()
    log = amina.client.get(yusuf + "/log").text
    assert "You signed in." in log
    assert "You began this record." in log


def test_staff_are_led_to_their_account_not_to_a_page_that_is_not_for_them(empty_app):
    sara = join_staff(empty_app.test_client(), SARA, "key_worker")
    assert sara.client.get("/record").location == "/desk"
    beth = join_staff(empty_app.test_client(), BETH, "information_officer")
    assert beth.client.get("/record").location == "/directory"


def test_the_front_page_tells_strangers_that_there_is_a_record(amina):
    assert 'href="/record">Our record</a>' in amina.app.test_client().get("/").text.split("<main")[1]
    assert "Our record" not in amina.client.get("/").text


def test_what_comes_next_is_told_with_its_day_of_the_week(amina, yusuf):
    section = section_url(amina, yusuf, "Appointments")
    fill(amina.client, f"{section}/new/appointment", what="Eye clinic", date="2 February 2027", time="10.15am")
    assert "Tuesday 2 February 2027, 10.15am" in amina.client.get(yusuf).text

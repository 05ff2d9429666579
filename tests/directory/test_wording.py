"""What pages call the facts."""

from __future__ import annotations

import datetime

import pytest

from directory import wording
from directory.check import HOW, Check
from directory.contact import Phone
from directory.cost import CostOption
from directory.location import Address, Location
from directory.referral import KINDS, ReferralRoute
from directory.report import TOPICS
from directory.schedule import Schedule
from directory.service import DELIVERIES, REACHES, TERMS, Service, ServiceArea
from plumbing import clock


@pytest.fixture(autouse=True)
def in_a_request(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(), ""),
        (Schedule(byday="MO,WE", opens_at="09:30", closes_at="12:00"), "Mondays and Wednesdays, 9.30am to 12pm"),
        (Schedule(byday="MO", opens_at="09:00:00", closes_at="17:00:00"), "Mondays, 9am to 5pm"),
        (Schedule(byday="MO,TU,WE,TH,FR"), "Monday to Friday"),
        (Schedule(byday="MO,TU,WE,TH,FR,SA,SU"), "Every day"),
        (Schedule(byday="MO,TU,TH"), "Mondays, Tuesdays and Thursdays"),
        (Schedule(byday=" mo , we "), "Mondays and Wednesdays"),
        (Schedule(freq="DAILY"), "Every day"),
        (Schedule(freq="MONTHLY", byday="1TU"), "First Tuesday of the month"),
        (Schedule(freq="MONTHLY", byday="+2SA", opens_at="10:00"), "Second Saturday of the month, from 10am"),
        (Schedule(freq="MONTHLY", byday="-1FR"), "Last Friday of the month"),
        (Schedule(opens_at="10:00", closes_at="11:15"), "10am to 11.15am"),
        (Schedule(byday="Mondays"), ""),
        (Schedule(byday=",,"), ""),
        (Schedule(byday="MO", description="Mondays but not in August"), "Mondays but not in August"),
    ],
)
def test_times_are_said_as_families_say_them_and_the_publishers_words_win(schedule, words):
    assert wording.times(schedule) == words


@pytest.mark.parametrize(
    ("schedule", "untrue"),
    [
        (Schedule(freq="WEEKLY", interval=2, byday="TU"), {"Tuesdays"}),
        (Schedule(freq="DAILY", interval=2), {"Every day"}),
        (Schedule(freq="MONTHLY", byday="-2MO"), {"Mondays"}),
        (Schedule(freq="MONTHLY", bymonthday="15", byday=""), {"Every day"}),
    ],
)
def test_times_never_promise_a_day_on_which_the_door_is_shut(schedule, untrue):
    assert wording.times(schedule) not in untrue


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("09:30", "9.30am"),
        ("9:30", "9.30am"),
        ("09:30:00", "9.30am"),
        ("09:30Z", "9.30am"),
        ("00:00", "12am"),
        ("12:00", "12pm"),
        ("12:05", "12.05pm"),
        ("13:00", "1pm"),
        ("23:59", "11.59pm"),
        ("24:00", "12am"),
    ],
)
def test_a_clock_time_is_said_as_families_write_it(time, words):
    assert wording.time_of_day(time) == words


@pytest.mark.parametrize("time", ["", "nonsense", "25:00", "09:60", "noon", "9"])
def test_what_is_no_clock_time_is_left_as_it_came(time):
    assert wording.time_of_day(time) == time


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (CostOption(option="Session", amount=6, amount_description="a session"), "Session: £6 a session"),
        (CostOption(amount=6), "£6"),
        (CostOption(amount=6.5), "£6.50"),
        (CostOption(amount=1234.5), "£1,234.50"),
        (CostOption(amount=0), "Free"),
        (CostOption(option="Under 5s", amount=0), "Under 5s: Free"),
        (CostOption(amount=5, currency="EUR"), "EUR 5"),
        (CostOption(amount=5, currency=""), "£5"),
        (CostOption(amount=5, currency="gbp"), "£5"),
        (CostOption(amount_description="Ask us"), "Ask us"),
        (CostOption(option="Trip", amount_description="Ask us"), "Trip: Ask us"),
        (CostOption(option="Trip"), "Trip"),
        (CostOption(), ""),
    ],
)
def test_a_price_is_said(cost, words):
    assert wording.price(cost) == words


def test_a_price_that_nobody_gave_is_not_called_free():
    assert "Free" not in wording.price(CostOption(option="Session"))


@pytest.mark.parametrize(
    ("years", "words"),
    [
        (0.5, "6 months"),
        (1 / 12, "1 month"),
        (1.5, "18 months"),
        (1, "1 year"),
        (2, "2 years"),
        (2.5, "2.5 years"),
        (18, "18 years"),
    ],
)
def test_an_age_is_said_as_a_person_says_it(years, words):
    assert wording.age(years) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, None, ""),
        (0, None, ""),
        (0, 99, ""),
        (None, 120, ""),
        (5, 11, "5 to 11 years"),
        (0.5, 4, "6 months to 4 years"),
        (0.5, 1.5, "6 months to 18 months"),
        (1, 1.5, "1 year to 18 months"),
        (2.5, 4, "2.5 to 4 years"),
        (5, None, "5 years and over"),
        (18, 99, "18 years and over"),
        (None, 18, "up to 18 years"),
        (0, 18, "up to 18 years"),
        (0, 0.5, "up to 6 months"),
    ],
)
def test_who_is_old_enough_and_young_enough_is_said(low, high, words):
    assert wording.ages(Service(id="s", name="S", minimum_age=low, maximum_age=high)) == words


@pytest.mark.parametrize(
    ("say", "values", "example", "words"),
    [
        (wording.delivery, DELIVERIES, "home", "At your home"),
        (wording.reach, REACHES, "county", "Whole county"),
        (wording.term, TERMS, "term_time", "Term time only"),
        (wording.referral_kind, KINDS, "self", "Refer yourself"),
        (wording.report_topic, TOPICS, "phone", "A phone number, e-mail or web address is wrong"),
    ],
    ids=["delivery", "reach", "term", "referral_kind", "report_topic"],
)
def test_every_value_we_store_has_words_of_its_own(say, values, example, words):
    assert say(example) == words
    said = [say(value) for value in values]
    assert len(set(said)) == len(values)
    assert all(text or not value for text, value in zip(said, values, strict=True))
    assert not [text for text in said if "_" in text]


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ((), ""),
        (("self",), "Refer yourself"),
        (("self", "gp"), "Refer yourself, or through your GP"),
        (("gp", "school", "social_worker"), "Through your GP, or through school or the SENCO, or through a social worker"),
        (("assessment", "ehc_plan"), "Assessment needed, or EHC plan needed"),
    ],
)
def test_the_kinds_of_a_route_are_joined_and_abbreviations_keep_their_capitals(kinds, words):
    assert wording.referral(ReferralRoute(kinds)) == words


DAY = datetime.date(2026, 10, 3)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("phoned", "Checked by phone on 3 October 2026"),
        ("emailed", "Checked by e-mail on 3 October 2026"),
        ("website", "Checked on their website on 3 October 2026"),
        ("visited", "Checked by a visit on 3 October 2026"),
        ("publisher", "Its publisher checked it on 3 October 2026"),
    ],
)
def test_a_check_says_when_and_how(how, words):
    assert how in HOW
    assert wording.checked(Check(DAY, how)) == words


def test_what_nobody_checked_is_not_called_checked_by_us():
    assert wording.checked(None) == "Not checked by us yet"
    assert "Checked" not in wording.checked(Check(DAY, "publisher"))


@pytest.mark.parametrize(
    ("confidence", "words"),
    [("high", "from their own pages; not yet checked by us"), ("", ""), ("checked", ""), ("low", "")],
)
def test_only_a_number_from_their_own_pages_stands_with_a_caution(confidence, words):
    assert wording.phone_caution(Phone("01632 960123", confidence=confidence)) == words


@pytest.mark.parametrize(
    ("miles", "words"),
    [
        (0, "within about a mile"),
        (0.9, "within about a mile"),
        (1, "about 1 mile"),
        (1.4, "about 1 mile"),
        (1.6, "about 2 miles"),
        (3.2, "about 3 miles"),
        (123.4, "about 123 miles"),
    ],
)
def test_a_distance_is_about(miles, words):
    assert wording.distance(miles) == words


CHECKED, LONG_AGO = "publisher checked", "Not checked since"


@pytest.mark.parametrize(
    ("days", "words"),
    [(10, CHECKED), (365, CHECKED), (366, LONG_AGO), (2000, LONG_AGO)],
)
def test_a_check_of_long_ago_is_said_the_other_way_round(days, words):
    check = Check(clock.today() - datetime.timedelta(days=days), "publisher")
    assert words in wording.checked(check)
    assert wording.is_old(check) == (days > 365)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reach": "county", "service_areas": (ServiceArea("Northumberland"),)}, "All of Northumberland"),
        ({"reach": "county"}, "Whole county"),
        ({"reach": "national", "service_areas": (ServiceArea("Scotland"),)}, "Scotland"),
        ({"reach": "national", "service_areas": (ServiceArea("England"), ServiceArea("Wales"))}, "England and Wales"),
        ({"reach": "national", "service_areas": (ServiceArea("UK"),)}, "National"),
        ({"reach": "area", "locations": (Location("l", addresses=(Address(city="Blyth"),)),)}, "Blyth"),
        ({"reach": "area"}, "Local"),
    ],
)
def test_where_a_service_is_for_is_said_in_a_word(facts, words):
    assert wording.where(Service(id="s", name="A service", **facts)) == words

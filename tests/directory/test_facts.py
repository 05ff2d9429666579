"""The facts, by themselves: what is free, which numbers may be shown, what of a hidden address may be seen, where places are."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from directory.contact import Contact, Phone
from directory.cost import CostOption
from directory.identity import stable_id
from directory.location import Accessibility, Address, Location
from directory.places import miles_between, place_key, postcode_names, postcodes_in, typed_postcode_names
from directory.service import SHOWN_STATUSES, STATUSES, Service, is_free

FREE = CostOption(amount=0)
SIX_POUNDS = CostOption(option="Session", amount=6)
UNKNOWN = CostOption(option="Ask us")


@pytest.mark.parametrize(
    ("fees", "options", "expected"),
    [
        ("Free", (), True),
        ("FREE!", (), True),
        ("  free of charge", (), True),
        ("Free for families", (), True),
        ("Free to everyone", (), True),
        ("Free, donations welcome", (), True),
        ("No charge", (), True),
        ("There is no cost", (), True),
        ("No fee", (), True),
        ("None", (), True),
        ("nil", (), True),
        ("no", (), True),
        ("", (FREE,), True),
        ("", (FREE, UNKNOWN), True),
        ("£6 a session", (), False),
        ("£0.50 a session", (), False),
        ("From £12.50", (), False),
        ("Free for under 5s; £3 for others", (), False),
        ("Free", (SIX_POUNDS,), False),
        ("", (FREE, SIX_POUNDS), False),
        ("", (), None),
        ("", (UNKNOWN,), None),
        ("Freedom Leisure sets the price", (), None),
        ("Not free", (), None),
    ],
)
def test_a_service_is_free_costs_or_does_not_say(fees, options, expected):
    assert is_free(fees, options) is expected


@pytest.mark.parametrize(
    "fees",
    [
        "Free if you get Universal Credit",
        "Free for those who get DLA",
        "Free when referred",
        "Free with a Max Card",
        "Free places for some",
        "Free sessions in July",
        "Free to families on Universal Credit",
        "Free for families on a low income",
        "Free for children under 5",
        "Free to use if you get DLA",
        "Free trial, then there is a fee",
        "Free parking",
        "No charge for carers, other visitors pay",
        "No cost information given",
        "None of our sessions are free",
    ],
)
def test_what_is_free_for_some_is_never_called_free(fees):
    assert is_free(fees, ()) is not True


def _service(**facts) -> Service:
    return Service(id="s", name="A service", **facts)


@pytest.mark.parametrize("status", STATUSES)
def test_only_an_open_or_closed_for_now_service_is_shown(status):
    assert _service(status=status).is_shown is (status in {"active", "temporarily closed"})
    assert set(SHOWN_STATUSES) == {"active", "temporarily closed"}


def test_a_demonstration_listing_knows_that_it_is_invented():
    assert _service(source="demonstration").is_demonstration
    assert not _service(source="national").is_demonstration


ONE, TWO = "01632 960001", "01632 960002"


@pytest.mark.parametrize(
    ("own", "contacts", "expected"),
    [
        ((), (), ()),
        ((Phone(ONE),), (), (ONE,)),
        ((Phone(ONE),), (Phone(TWO),), (ONE, TWO)),
        ((), (Phone(TWO), Phone(ONE)), (TWO, ONE)),
        # The same number, written in other ways.
        ((Phone(ONE),), (Phone("01632960001"),), (ONE,)),
        ((Phone(ONE),), (Phone("(01632) 960-001"),), (ONE,)),
        ((Phone("0191 498 0001"),), (Phone("+44 191 498 0001"),), ("0191 498 0001",)),
        ((Phone(ONE), Phone(ONE)), (Phone(ONE),), (ONE,)),
        # Numbers we do not trust stay out; the same number from one who stands behind it does not.
        ((Phone(ONE, confidence="low"),), (Phone(TWO),), (TWO,)),
        ((Phone(ONE, confidence="withheld"), Phone(TWO, confidence="medium")), (), ()),
        ((Phone(ONE, confidence="low"),), (Phone(ONE, confidence="checked"),), (ONE,)),
    ],
)
def test_a_page_may_show_every_number_we_trust_once_its_own_first(own, contacts, expected):
    service = _service(phones=own, contacts=tuple(Contact(phones=(phone,)) for phone in contacts))
    assert tuple(phone.number for phone in service.all_phones) == expected


def test_one_phone_that_stands_in_two_places_is_shown_once():
    desk = Phone(ONE)
    assert _service(phones=(desk,), contacts=(Contact(phones=(desk,)),)).all_phones == (desk,)


@pytest.mark.parametrize(
    ("own", "contacts", "expected"),
    [
        ((), (), False),
        ((Phone(ONE),), (), False),
        ((Phone(ONE, confidence="high"),), (Phone(TWO, confidence="checked"),), False),
        ((Phone(ONE, confidence="low"),), (), True),
        ((Phone(ONE),), (Phone(TWO, confidence="withheld"),), True),
    ],
)
def test_a_service_knows_that_a_number_is_kept_back(own, contacts, expected):
    contact = Contact(phones=contacts)
    assert _service(phones=own, contacts=(contact,)).has_number_kept_back is expected


@pytest.mark.parametrize(
    ("confidence", "shown", "cautioned"),
    [
        ("", True, False),
        ("high", True, True),
        ("checked", True, False),
        ("medium", False, False),
        ("low", False, False),
        ("withheld", False, False),
        ("High", False, False),
        ("anything else", False, False),
    ],
)
def test_a_number_is_shown_only_when_we_are_sure_of_it(confidence, shown, cautioned):
    phone = Phone(ONE, confidence=confidence)
    assert (phone.is_shown, phone.from_their_own_pages) == (shown, cautioned)


@pytest.mark.parametrize(
    ("number", "type_", "href"),
    [
        ("0808 808 1111", "voice", "tel:+448088081111"),
        ("0191 498 0123", "voice", "tel:+441914980123"),
        ("+44 191 498 0123", "voice", "tel:+441914980123"),
        ("+44 (0)191 498 0123", "voice", "tel:+441914980123"),
        ("(0191) 498-0123", "voice", "tel:+441914980123"),
        ("01632 960123", "voice", "tel:01632960123"),
        ("999", "voice", "tel:999"),
        ("111", "voice", "tel:111"),
        ("116 123", "voice", "tel:116123"),
        ("999 (emergency)", "voice", "tel:999"),
        ("Text SHOUT to 85258", "voice", "sms:85258"),
        ("text HELP to 60777", "text", "sms:60777"),
        ("07860 039967", "text", "sms:07860039967"),
        ("85258", "text", "sms:85258"),
        # An extension is dialled by hand, never as part of the number.
        ("0191 498 0123 ext 5", "voice", "tel:+441914980123"),
        ("01632 960123 ext 12", "voice", "tel:01632960123"),
    ],
)
def test_a_tap_dials_the_number(number, type_, href):
    assert Phone(number, type_).href == href


@pytest.mark.parametrize(
    ("number", "type_"),
    [
        ("", "voice"),
        ("ring us", "voice"),
        ("12", "voice"),
        ("see the website", "text"),
        ("Text us", "voice"),
        ("text 12", "voice"),
    ],
)
def test_what_holds_no_number_is_not_to_be_tapped(number, type_):
    assert Phone(number, type_).href == ""


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("01632 960123 or 01632 960124", {"tel:01632960123"}),
        ("0191 498 0123 or 0191 498 0124", {"tel:+441914980123", "tel:01914980123"}),
        ("01632 960123 / 01632 960124", {"tel:01632960123"}),
        ("01632 960123 (24 hours)", {"tel:01632960123"}),
        ("Mon-Fri 9-5: 01632 960123", {"tel:01632960123"}),
        ("0300 123 0999 option 2", {"tel:+443001230999", "tel:03001230999"}),
        ("111 and choose 2", {"tel:111"}),
        ("+44 (0)1632 960123", {"tel:+441632960123", "tel:01632960123"}),
    ],
)
def test_a_tap_never_dials_a_number_that_nobody_gave(number, right):
    assert Phone(number).href in right | {""}


HIDDEN = Location(
    id="refuge",
    name="Rose House",
    description="Behind the church",
    transportation="Bus 7 to Duke Street",
    url="https://example.org/rose-house",
    latitude=55.4134,
    longitude=-1.7066,
    precision="exact",
    hides_address=True,
    addresses=(
        Address("1 Duke Street", "Flat 2", "Alnwick", "North East", "Northumberland", "NE66 1AB", attention="Ann", id="a1"),
        Address("2 Duke Street", city="Blyth", postal_code="NE24 2VK", id="a2"),
    ),
    accessibility=(Accessibility("Step-free entrance"),),
)


def test_a_hidden_location_keeps_its_town_and_the_first_half_of_its_postcode():
    shown = HIDDEN.shown
    assert shown.hides_address
    assert (shown.city, shown.postal_code) == ("Alnwick", "NE66")
    assert shown.addresses == (Address(id="a1", city="Alnwick", state_province="Northumberland", postal_code="NE66"),)
    assert shown.accessibility == HIDDEN.accessibility


@pytest.mark.parametrize(
    "given_away", ["Rose", "church", "Duke", "Flat", "Bus", "example.org", "1AB", "55.4", "1.70", "exact", "Ann", "NE24"]
)
def test_nothing_of_a_hidden_location_gives_it_away(given_away):
    assert given_away not in repr(HIDDEN.shown)
    assert HIDDEN.shown.point is None


@pytest.mark.parametrize("postcode", ["NE66 1AB", "NE661AB", "ne66 1ab", "NE66  1AB", "NE66\u00a01AB", " NE66 1AB", "NE66-1AB"])
def test_a_hidden_postcode_loses_its_second_half_however_it_is_written(postcode):
    shown = Location("l", hides_address=True, addresses=(Address(city="Alnwick", postal_code=postcode),)).shown
    assert shown.postal_code.upper() in {"NE66", ""}


def test_hiding_twice_hides_no_more_and_no_less():
    assert HIDDEN.shown.shown == HIDDEN.shown


def test_a_hidden_location_without_an_address_is_shown_without_one():
    assert Location("l", hides_address=True, latitude=55.0, longitude=-1.0).shown == Location("l", hides_address=True)


def test_an_open_location_is_shown_as_it_is():
    location = Location("l", name="Hall", latitude=55.0, longitude=-1.0, addresses=(Address("1 High Street"),))
    assert location.shown is location


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (55.0, None), (None, -1.0)])
def test_half_a_point_is_none(latitude, longitude):
    assert Location("l", latitude=latitude, longitude=longitude).point is None


def test_the_middle_of_the_map_is_a_point_like_any_other():
    assert Location("l", latitude=51.0, longitude=0.0).point == (51.0, 0.0)


def test_an_envelope_has_no_empty_lines():
    assert Address("1 High Street", "", "Alnwick", postal_code="NE66 1AB").lines == ("1 High Street", "Alnwick", "NE66 1AB")
    assert Address().lines == ()


def test_an_id_is_the_same_at_every_import_and_for_ever():
    # These stand in printed addresses: a change here breaks every one of them.
    assert stable_id("national", "service", "nat-001") == "d93e4602-142a-537f-b704-a59083f1127d"
    assert stable_id("national", "service", " nat-001 ") == stable_id("national", "service", "nat-001")
    assert stable_id("feed", "service", 17) == stable_id("feed", "service", "17")


def test_what_differs_in_publisher_kind_or_id_never_shares_an_id():
    ids = [stable_id(source, kind, foreign) for source in "ab" for kind in ("service", "location") for foreign in ("1", "2")]
    assert len(set(ids)) == 8
    assert all(uuid.UUID(id_) for id_ in ids)


@pytest.mark.parametrize(
    "own", ["AC148810-d857-441c-9679-408f346de14b", "{ac148810-d857-441c-9679-408f346de14b}", "ac148810d857441c9679408f346de14b"]
)
def test_a_publishers_own_uuid_is_kept(own):
    assert stable_id("feed", "service", own) == "ac148810-d857-441c-9679-408f346de14b"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("NE66 1AB", ("NE66 1", "NE66")),
        ("ne661ab", ("NE66 1", "NE66")),
        ("  ne66   1ab ", ("NE66 1", "NE66")),
        ("NE66 1", ("NE66 1", "NE66")),
        ("NE66 1A", ("NE66 1", "NE66")),
        ("ne66", ("NE66",)),
        ("SW1A1AA", ("SW1A 1", "SW1A")),
        ("SW1A 1", ("SW1A 1", "SW1A")),
        ("sw1a", ("SW1A",)),
        ("EC1A1BB", ("EC1A 1", "EC1A")),
        ("M1 1AE", ("M1 1", "M1")),
        ("m11ae", ("M1 1", "M1")),
        ("L1 2", ("L1 2", "L1")),
        ("L12", ("L12",)),
        ("L12 3", ("L12 3", "L12")),
        ("BT1 1AA", ("BT1 1", "BT1")),
    ],
)
def test_a_typed_postcode_is_looked_for_by_its_sector_then_its_outcode(typed, names):
    assert typed_postcode_names(typed) == names


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "Alnwick",
        "NE",
        "66",
        "1AB",
        "N E W",
        "hello 12",
        "NE66 1AB please",
        "NE666666",
        "999",
        "🙂",
        "NE66 1AB NE66",
        "''",
        "*",
    ],
)
def test_what_is_no_postcode_is_not_read_as_one(typed):
    assert typed_postcode_names(typed) == ()
    assert postcode_names(typed) == ()


@given(st.text(max_size=60))
def test_nothing_typed_as_a_place_raises(text):
    assert isinstance(typed_postcode_names(text), tuple)
    assert isinstance(postcodes_in(text), list)
    assert place_key(text) == place_key(f"  {text} ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We meet at St John's, Alnwick NE66 1AB.", ["NE66 1AB"]),
        ("NE661AB and TD15 1AA", ["NE66 1AB", "TD15 1AA"]),
        ("(SW1A 1AA)", ["SW1A 1AA"]),
        ("All of NE66", []),
        ("Off the A1 at junction 25", []),
        ("COVID19 rules", []),
        ("XNE66 1ABX", []),
        ("", []),
    ],
)
def test_only_whole_postcodes_are_taken_from_somebodys_prose(text, found):
    assert postcodes_in(text) == found


@pytest.mark.parametrize(
    ("one", "other", "miles"),
    [
        ((51.5074, -0.1278), (55.9533, -3.1883), 332),  # London to Edinburgh
        ((50.0657, -5.7132), (58.6440, -3.0685), 603),  # Land's End to John o' Groats
        ((54.9783, -1.6178), (55.4134, -1.7066), 30.3),  # Newcastle to Alnwick
        ((51.4816, -3.1791), (51.4545, -2.5879), 25.5),  # Cardiff to Bristol, over the water
        ((54.5973, -5.9301), (55.8642, -4.2518), 109),  # Belfast to Glasgow
    ],
)
def test_distances_are_right_to_within_a_hundredth(one, other, miles):
    assert miles_between(one, other) == pytest.approx(miles, rel=0.01)
    assert miles_between(other, one) == pytest.approx(miles_between(one, other))


@given(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
@example((90.0, 0.0), (-90.0, 0.0))
def test_no_two_points_are_farther_than_half_round_the_world(one, other):
    assert 0 <= miles_between(one, other) < 12_440
    assert miles_between(one, one) == 0


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Alnwick", "alnwick"),
        ("  Berwick-upon-Tweed ", "berwick upon tweed"),
        ("Ynys Môn", "ynys mon"),
        ("Llŷn", "llyn"),
        ("Tŷ Ddewi", "ty ddewi"),
        ("Ynys Mo\u0302n", "ynys mon"),
        ("King's Lynn", "kings lynn"),
        ("King’s Lynn", "kings lynn"),
        ("St. Ives (Cornwall)", "st ives cornwall"),
        ("Westward Ho!", "westward ho"),
        ("ＡＬＮＷＩＣＫ", "alnwick"),
        ("𝐀lnwick", "alnwick"),
        ("", ""),
        ("!?*", ""),
        ("🙂", ""),
    ],
)
def test_a_place_is_found_however_its_name_is_written(name, key):
    assert place_key(name) == key
    assert place_key(key) == key


@pytest.mark.parametrize(("one", "other"), [("Hexham", "Hexam"), ("Newport", "Newport Pagnell"), ("Ash", "Ashington")])
def test_places_with_different_names_stay_apart(one, other):
    assert place_key(one) != place_key(other)

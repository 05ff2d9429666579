"""Each importer, on small files of our own; what is bad in them is said in words and refused or left out."""

import json

import pytest

from directory import importing, store
from directory.importers import UnreadableError
from directory.importers.cleaning import clean_email, clean_text, clean_url
from directory.importers.spreadsheet import match_columns, parse_ages

ORUK_3 = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Splash",
    "description": "<p>Swimming for <b>disabled</b> children.</p><script>alert(1)</script>",
    "status": "active",
    "minimum_age": 0.5,
    "maximum_age": 11,
    "fees": "Free",
    "organization": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Pool Trust", "description": "A trust."},
    "service_at_locations": [
        {
            "location": {
                "id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5",
                "location_type": "physical",
                "name": "The pool",
                "addresses": [{"address_1": "1 Road", "city": "Alnwick", "postal_code": "NE66 1VO", "country": "GB"}],
                "accessibility": [{"description": "Hoist"}],
            }
        }
    ],
    "schedules": [{"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:30", "closes_at": "11:00"}],
    "contacts": [{"title": "Desk", "phones": [{"number": "01632 960001"}]}],
    "languages": [{"name": "Polish", "code": "pl"}],
    "referral_route": {"kinds": ["gp", "nonsense"], "steps": [{"ask": "Your GP", "wait": "6 weeks"}, {"bring": "no ask"}]},
    "attributes": [{"taxonomy_term": {"id": "x", "name": "Short breaks", "term_uri": "http://id.esd.org.uk/service/1790"}}],
    "categories": ["leisure-clubs"],
}
ORUK_1 = {
    "id": "b2",
    "name": "Older shape",
    "description": "From version 1.0.",
    "organization": {"id": "o1", "name": "Old Trust", "url": "www.example.org"},
    "eligibilitys": [{"minimum_age": 5, "maximum_age": 18, "eligibility": "Any child"}],
    "regular_schedules": [{"weekday": "Monday", "opens_at": "10:00", "closes_at": "17:00"}],
    "service_at_locations": [
        {"location": {"id": "l1", "physical_addresses": [{"city": "Morpeth", "postal_code": "NE61 1VK"}],
                      "accessibility_for_disabilities": [{"accessibility": "Ramp"}]}}
    ],
    "languages": [{"language": "Urdu"}],
    "service_taxonomys": [{"taxonomy": {"id": "t", "name": "Clubs", "vocabulary": "esd"}}],
}  # fmt: skip


@pytest.fixture
def imported(own_db, tmp_path):
    """Import one JSON document and give back the services by their own id, and the result."""

    def do(document, name="feed.json", **options):
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
        result = importing.import_listings(own_db, str(path), **options)
        ids = list(store.imported_digests(own_db, result.source))
        return {service.source_id: service for service in store.get_services(own_db, ids)}, result

    return do


def test_every_field_of_open_referral_uk_3_arrives(imported):
    services, result = imported([ORUK_3])
    service = services[ORUK_3["id"]]
    assert result.added == 1
    assert service.id == ORUK_3["id"]
    assert service.description == "Swimming for disabled children."
    assert (service.minimum_age, service.maximum_age, service.free) == (0.5, 11, True)
    assert service.organization.name == "Pool Trust"
    assert service.locations[0].city == "Alnwick"
    assert service.locations[0].precision == "sector"
    assert service.locations[0].accessibility[0].description == "Hoist"
    assert service.schedules[0].byday == "MO,WE"
    assert service.all_phones[0].number == "01632 960001"
    assert service.languages[0].name == "Polish"
    assert service.referral_route.kinds == ("gp",)
    assert [step.ask for step in service.referral_route.steps] == ["Your GP"]
    assert service.categories == ("leisure-clubs", "short-breaks")


def test_every_field_of_open_referral_uk_1_arrives(imported):
    service = imported({"totalElements": 1, "content": [ORUK_1]})[0]["b2"]
    assert (service.minimum_age, service.maximum_age) == (5, 18)
    assert service.eligibility_description == "Any child"
    assert service.schedules[0].byday == "MO"
    assert service.locations[0].city == "Morpeth"
    assert service.locations[0].accessibility[0].description == "Ramp"
    assert service.languages[0].name == "Urdu"
    assert service.attributes[0].term == "Clubs"
    assert service.organization.website == "https://www.example.org"


@pytest.mark.parametrize("shape", [lambda s: s, lambda s: [s], lambda s: {"contents": [s]}, lambda s: {"services": [s]}])
def test_a_service_is_found_in_a_list_a_page_or_alone(imported, shape):
    assert imported(shape(ORUK_3))[1].added == 1


def test_a_folder_of_pages_is_one_import(own_db, tmp_path):
    for number in (1, 2):
        (tmp_path / f"page_{number}.json").write_text(json.dumps({"contents": [ORUK_3 | {"id": f"s{number}"}]}))
    (tmp_path / "taxonomies.json").write_text('[{"id": 1, "name": "Clubs"}]')
    result = importing.import_listings(own_db, str(tmp_path))
    assert result.added == 2
    assert any(remark.where == "taxonomies.json" for remark in result.remarks)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "  "}, "no name"),
        ({"name": "<p></p>"}, "no name"),
        ({"id": ""}, "no id"),
        ({"status": "open-ish"}, "open-ish"),
    ],
)
def test_what_would_leave_nothing_to_show_is_refused_with_its_row(imported, change, reason):
    _, result = imported([ORUK_3 | change, ORUK_1])
    assert result.added == 1
    assert len(result.refused) == 1
    assert "service 1" in result.refused[0].where
    assert reason in result.refused[0].words


@pytest.mark.parametrize(
    "change",
    [
        {"minimum_age": "old"},
        {"minimum_age": 99, "maximum_age": 5},
        {"service_at_locations": "none"},
        {"service_at_locations": [{"location": {"id": "1", "name": "X", "latitude": 100, "longitude": 500}}]},
        {"organization": []},
        {"schedules": [None, "x", {"opens_at": 9}]},
        {"cost_options": [{"amount": "lots"}]},
        {"contacts": {"phones": 1}},
        {"referral_route": "ask"},
        {"description": None},
        {"url": "javascript:alert(1)"},
        {"email": "not an address"},
        {"categories": [1, None, {"a": 1}]},
        {"attributes": [{"taxonomy_term": None}]},
        {"description": "x" * 500_000},
        {"name": "A\u0000B\ud800C"},
    ],
)
def test_a_bad_part_is_left_out_and_the_rest_is_taken(imported, change):
    services, result = imported([ORUK_3 | change])
    assert result.added == 1, result.refused
    service = next(iter(services.values()))
    assert service.url == ""
    assert service.email == ""
    assert len(service.description) <= 20_000


def test_a_postcode_in_the_prose_gives_a_place_to_the_sector_only(imported):
    service = imported([{"id": "p", "name": "Hall", "status": "active", "description": "At 3 Lane, Alnwick NE66 1AB."}])[0]["p"]
    location = service.locations[0]
    assert location.precision == "sector"
    assert location.postal_code == "NE66 1"


@pytest.mark.parametrize("word", ["refuge", "a confidential address", "undisclosed", "Refuges", "safe house", "CONFIDENTIAL"])
def test_a_postcode_is_never_taken_from_a_text_about_a_secret_place(imported, word):
    document = [{"id": "p", "name": "Help", "status": "active", "description": f"A {word} near NE66 1AB."}]
    assert imported(document)[0]["p"].locations == ()


def test_a_secret_place_is_kept_secret_by_what_its_organisation_says_too(imported):
    document = [{"id": "p", "name": "Help", "status": "active", "description": "Near NE66 1AB.",
                 "organization": {"id": "o", "name": "O", "description": "We run a women's refuge."}}]  # fmt: skip
    assert imported(document)[0]["p"].locations == ()


def test_an_import_can_never_write_over_our_own_listings(own_db, imported):
    ours = store.id_of_source(own_db, "national", "nat-001")
    _, result = imported([ORUK_3 | {"id": ours, "name": "Stolen"}])
    assert result.added == result.changed == 0
    assert "our own" in result.refused[0].words
    assert store.get_services(own_db, [ours])[0].name == "Contact"
    with pytest.raises(UnreadableError, match="our own"):
        imported([ORUK_3], source="national")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not readable as JSON"),
        ("[" * 100_000, "not readable as JSON"),
        ('{"a": 1}', "no services"),
        ("[]", "no services"),
        ('[{"id": 1, "name": "A term"}]', "no services"),
    ],
)
def test_a_file_with_nothing_to_import_says_so(imported, text, words):
    with pytest.raises(UnreadableError, match=words):
        imported(text)


def test_a_path_that_is_not_there_says_so(own_db, tmp_path):
    with pytest.raises(UnreadableError, match="no file or folder"):
        importing.import_listings(own_db, str(tmp_path / "nothing.json"))
    (tmp_path / "picture.png").write_bytes(b"x")
    with pytest.raises(UnreadableError, match="neither"):
        importing.import_listings(own_db, str(tmp_path / "picture.png"))


SHEET = "\n".join(
    [
        "Service Name;Organisation;About;Tel;Web site;Town;Post Code;Ages;Cost;When;Category;How to access;"
        "Colour of door;Last checked",
        'Saturday club;The Trust;Fun, "every" week;01632 960002;www.example.org;Blyth;NE24 2VK;5-11;£3;Term time Saturdays;'
        "Short breaks and respite;Self referral;blue;3/11/2026",
        ";No name;x;;;;;;;;;;;",
        "Second;The Trust;More;01632 960003 / 01632 960004;;Blyth;;under 5s;Free;;sleep;GP or health visitor;;",
    ]
)


def test_a_council_spreadsheet_is_read_by_the_names_of_its_columns(imported):
    services, result = imported(SHEET, "council.csv")
    assert result.format == "spreadsheet"
    assert (result.added, len(result.refused)) == (2, 1)
    assert result.refused[0].where == "row 3"
    assert any("Colour of door" in remark.words for remark in result.remarks)
    first, second = sorted(services.values(), key=lambda service: service.name)
    assert first.name == "Saturday club"
    assert (first.minimum_age, first.maximum_age, first.free) == (5, 11, False)
    assert first.categories == ("short-breaks",)
    assert first.assured_date == "2026-11-03"
    assert first.check.how == "publisher"
    assert first.term == "term_time"
    assert first.referral_route.kinds == ("self",)
    assert (second.maximum_age, second.free) == (5, True)
    assert len(second.phones) == 2
    assert second.referral_route.kinds == ("gp", "health_visitor")


def test_a_spreadsheet_from_windows_is_read_too(own_db, tmp_path):
    path = tmp_path / "windows.csv"
    path.write_bytes("Name,Description\nCaf\xe9 club,Parents\x92 caf\xe9\n".encode("latin-1"))
    importing.import_listings(own_db, str(path))
    names = {service.name for service in store.get_services(own_db, list(store.imported_digests(own_db, "windows")))}
    assert names == {"Café club"}


def test_a_spreadsheet_without_a_name_column_says_what_columns_it_has(imported):
    with pytest.raises(UnreadableError, match="Colour, Size"):
        imported("Colour,Size\nred,3\n", "odd.csv")


def test_of_very_many_columns_only_some_are_named(imported):
    with pytest.raises(UnreadableError, match=r"c0, c1, .*c29 \.\.\. \(5000 in all\)\.$"):
        imported(",".join(f"c{number}" for number in range(5000)) + "\n1,2\n", "wide.csv")


@pytest.mark.parametrize(
    ("headers", "matched"),
    [
        (["SERVICE NAME", "E-mail", "Tel."], {"SERVICE NAME": "name", "E-mail": "email", "Tel.": "phone"}),
        (["Name", "Title"], {"Name": "name"}),
        (["", "Postcode "], {"Postcode ": "postal_code"}),
    ],
)
def test_columns_are_matched(headers, matched):
    assert match_columns(headers) == matched


@pytest.mark.parametrize(
    ("text", "ages"),
    [("4 - 9 years", (4, 9)), ("6-18 months", (0.5, 1.5)), ("from 11", (11, None)), ("16", (16, 16)), ("everyone", (None, None))],
)
def test_ages_in_words_are_read(text, ages):
    assert parse_ages(text) == ages


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("a<br>b", "a\nb"),
        ("Tom &amp; Jo&nbsp;&lt;3", "Tom & Jo <3"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("<style>p{}</style>x<!-- y -->", "x"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
        (r"one\n\ntwo", "one\n\ntwo"),
        ("x ###MON### y", "x y"),
        (None, ""),
        (7, "7"),
    ],
)
def test_text_is_cleaned_to_plain_paragraphs(text, clean):
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.org", "//x", "see poster", "a@b.org"]
)
def test_an_address_that_is_not_of_the_web_is_dropped(url):
    assert clean_url(url) == ""


@pytest.mark.parametrize("email", ["", "a@b", "a b@c.org", "a@b.org, c@d.org", "<a@b.org>"])
def test_an_email_that_is_none_is_dropped(email):
    assert clean_email(email) == ""

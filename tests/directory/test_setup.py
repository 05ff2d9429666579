"""The starter directory: loaded once, safe to load again, and true to the rules on what may be shown."""

import csv
import json
import re
import subprocess
import sys

import pytest

from directory import reference, setup, store
from directory.guide import read_guide
from directory.search import Query
from directory.service import DELIVERIES, REACHES, TERMS
from plumbing.db import open_db
from tests.conftest import ROOT

REFERENCE = ROOT / "data" / "reference"
TOWNS = {
    "NE22",
    "NE23",
    "NE24",
    "NE42",
    "NE45",
    "NE46",
    "NE49",
    "NE61",
    "NE62",
    "NE63",
    "NE64",
    "NE65",
    "NE66",
    "NE68",
    "NE71",
    "TD15",
}


def rows(name):
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def demonstration():
    return [
        service
        for path in sorted((REFERENCE / "demonstration").glob("*.json"))
        for service in json.loads(path.read_text("utf-8"))["contents"]
    ]


# -- loading


def test_a_second_set_up_loads_nothing_and_changes_nothing(own_db):
    before = store.revision(own_db)
    assert setup.set_up(own_db) == []
    assert store.revision(own_db) == before


def test_a_changed_file_is_loaded_alone_and_other_listings_stay(own_db, tmp_path):
    import shutil

    changed = shutil.copytree(REFERENCE, tmp_path / "reference")
    needs = changed / "needs.csv"
    needs.write_text(needs.read_text("utf-8").replace("autism,Autism,", "autism,Autism and more,"), "utf-8")
    with own_db.atomic():
        store.ensure_source(own_db, "feed", "A feed")
    assert setup.set_up(own_db, changed) == ["needs"]
    assert reference.get_needs(own_db)["autism"].label == "Autism and more"


def test_two_set_ups_at_once_load_everything_once(tmp_path):
    code = (
        "import sys; from pathlib import Path; from app import create_app; from plumbing.settings import Settings\n"
        "from directory import setup; from plumbing.db import open_db\n"
        "create_app(Settings(data=Path(sys.argv[1]))); setup.set_up(open_db(Path(sys.argv[1]) / 'directory.db'))"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    db = open_db(tmp_path / "directory.db")
    assert store.counts_by_source(db) == {"demonstration": len(demonstration()), "national": 135}
    db.close()


def test_a_listing_that_cannot_be_loaded_stops_the_set_up_and_is_named(own_db, tmp_path):
    import shutil

    broken = shutil.copytree(REFERENCE, tmp_path / "reference")
    (broken / "demonstration" / "extra.json").write_text('{"contents": [{"id": "demo-broken", "name": " "}]}')
    before = store.counts_by_source(own_db)
    with pytest.raises(ValueError, match="demo-broken"):
        setup.set_up(own_db, broken)
    assert store.counts_by_source(own_db) == before


def test_the_demonstration_goes_with_one_command_and_stays_away(runner, own_db, own_client):
    assert "invented" in own_client.get("/privacy").text
    result = runner.invoke(args=["directory", "demonstration", "remove"])
    assert f"{len(demonstration())} demonstration listings were taken out" in result.output
    assert not store.has_source(own_db, "demonstration")
    assert not list(own_db.query("SELECT 1 FROM location"))
    runner.invoke(args=["setup"])
    assert not store.has_source(own_db, "demonstration")
    page = own_client.get("/search?q=sleep").text
    assert "invented" not in page
    assert "01632" not in page
    assert "[near Alnwick]" in runner.invoke(args=["directory", "search", "--near", "Alnwick"]).output
    runner.invoke(args=["setup", "--demonstration"])
    assert store.has_source(own_db, "demonstration")


# -- national organisations


def test_all_136_organisations_are_there_and_the_closed_one_is_not_shown(db):
    listed = list(db.query("SELECT source_id, status FROM service WHERE source = 'national'"))
    assert len(listed) == 136
    assert [row["source_id"] for row in listed if row["status"] != "active"] == ["nat-128"]


def test_a_number_is_shown_only_where_we_are_sure_of_it(client, db):
    shown, kept_back = 0, 0
    for row in rows("national_organisations.csv"):
        if not row["phone"] or row["kind"] == "closed":
            continue
        service = store.get_services(db, [store.id_of_source(db, "national", row["id"])])[0]
        page = client.get(f"/services/{service.id}").text
        if row["phone_confidence"] == "high":
            assert row["phone"] in page
            assert "from their own pages; not yet checked by us" in page
            shown += 1
        else:
            assert row["phone"] not in page
            assert re.sub(r"\D", "", row["phone"])[1:] not in re.sub(r"[^\d<>]", "", page)
            assert "look on their website" in page
            kept_back += 1
        assert [phone.number for phone in (*service.phones, *(p for c in service.contacts for p in c.phones))] == [row["phone"]]
    assert (shown, kept_back) == (17, 25)


def test_no_page_of_results_shows_a_number_that_is_kept_back(client):
    kept_back = [row["phone"] for row in rows("national_organisations.csv") if row["phone_confidence"] == "medium"]
    for number in range(1, 15):
        page = client.get(f"/search?delivery=online&page={number}").text
        assert not [phone for phone in kept_back if phone in page]


def test_a_number_that_an_officer_has_checked_is_shown_without_caution(own_db, own_client):
    id_ = store.id_of_source(own_db, "national", "nat-001")
    own_db.execute("UPDATE phone SET confidence = 'checked' WHERE service_id = ?", [id_])
    own_db.conn.commit()
    page = own_client.get(f"/services/{id_}").text
    assert "0808 808 3555" in page
    assert "not yet checked by us" not in page


def test_every_national_listing_has_known_categories_needs_and_route(db):
    categories, needs = reference.get_categories(db), reference.get_needs(db)
    for row in rows("national_listings.csv"):
        assert set(row["categories"].split(";")) <= categories.keys(), row["id"]
        assert set(filter(None, row["needs"].split(";"))) <= needs.keys(), row["id"]
        assert set(row["delivery"].split(";")) <= set(DELIVERIES), row["id"]


def test_who_answers_now_is_all_there_in_order(db):
    names = [store.get_services(db, [store.id_of_source(db, "national", row["id"])])[0].name for row in setup.talk_now()]
    assert names[0] == "Emergency services"
    for name in ("NHS 111", "Samaritans", "Childline", "NSPCC", "Shout", "PAPYRUS", "Domestic Abuse"):
        assert any(name in one for one in names), name


# -- the demonstration area


def test_every_category_is_filled_at_least_four_times(db):
    counts = dict.fromkeys(reference.get_categories(db), 0)
    for service in demonstration():
        for slug in service["categories"]:
            counts[slug] += 1
    assert len(counts) == 44
    assert min(counts.values()) >= 4, {slug: count for slug, count in counts.items() if count < 4}


def test_nothing_invented_can_reach_anybody():
    text = json.dumps(demonstration())
    for number in re.findall(r"\"number\": \"([^\"]*)\"", text):
        assert re.fullmatch(r"01632 960\d{3}", number), number
    assert not re.findall(r"\b0\d{3,4}[ -]?\d{3}[ -]?\d{3,4}\b", re.sub(r"01632 960\d{3}", "", text))
    for address in re.findall(r"https?://([^/\"\\ ]+)", text):
        assert address == "example.org"
    for email in re.findall(r"[\w.+-]+@([\w.-]+)", text):
        assert email.rstrip(".") == "example.org"


def test_no_invented_address_is_anybody_s():
    for service in demonstration():
        for link in service.get("service_at_locations", []):
            for address in link["location"].get("addresses", []):
                outcode, _, inward = address["postal_code"].partition(" ")
                assert outcode in TOWNS, address
                # The letters C I K M O V end no real postcode.
                assert not inward or re.fullmatch(r"\d[CIKMOV]{2}", inward), address


def test_invented_listings_have_the_fields_of_real_ones():
    services = demonstration()
    for service in services:
        assert service["referral_route"]["kinds"], service["id"]
        assert service["delivery"], service["id"]
        assert service["reach"] in REACHES
        assert service.get("term", "") in TERMS
        assert service["description"].strip(), service["id"]
    for field in ("minimum_age", "fees", "schedules", "languages", "contacts", "service_at_locations", "eligibility_description"):
        assert sum(bool(service.get(field)) for service in services) > len(services) / 4, field
    assert len({service["id"] for service in services}) == len(services) >= 250
    towns = {a["city"] for s in services for link in s.get("service_at_locations", []) for a in link["location"]["addresses"]}
    assert len(towns) >= 12


def test_every_invented_listing_says_so_wherever_it_is_shown(client, db):
    for service in store.get_shown_services(db, store.all_service_ids(db)):
        if service.is_demonstration:
            page = client.get(f"/services/{service.id}").text
            assert "Demonstration: invented" in page
            assert "This listing is invented" in page
    cards = client.get("/search?q=sleep").text
    assert cards.count("Demonstration: invented") == cards.count("01632 9") or "Demonstration: invented" in cards


def test_a_refuge_s_address_is_on_no_page(client, db, finder):
    hidden = [s for s in store.get_services(db, store.all_service_ids(db)) if any(loc.hides_address for loc in s.locations)]
    assert hidden
    for service in hidden:
        page = client.get(f"/services/{service.id}").text
        assert "The address is kept private" in page
        assert "openstreetmap" not in page.lower()
        for location in service.locations:
            for address in location.addresses:
                assert not address.address_1 or address.address_1 not in page
        assert finder.search(db, Query(words=service.name)).total > 0


# -- guides and needs


def guides():
    return [read_guide(path.stem, path.read_text("utf-8")) for path in sorted((REFERENCE / "guides").glob("*.md"))]


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.slug)
def test_a_guide_is_whole(guide, db, client):
    assert set(guide.categories) <= reference.get_categories(db).keys()
    assert guide.categories
    assert set(guide.needs) <= reference.get_needs(db).keys()
    assert 3 <= len(guide.organizations) <= 7
    assert "nat-128" not in guide.organizations
    # Numbers come from the directory, where one knows how sure they are.
    assert not re.search(r"\b0\d{2,4}[ -]?\d{3}", guide.body)
    assert "<" not in guide.body
    assert 350 <= len(guide.body.split()) <= 950
    page = client.get(f"/guides/{guide.slug}").text
    assert page.count('class="card"') == len(guide.organizations)
    assert ("data-exit" in page) == guide.safety


def test_the_guides_cover_what_families_ask_most():
    slugs = {guide.slug for guide in guides()}
    assert {
        "key-worker", "whos-who-health", "whos-who-education", "whos-who-social-care", "whos-who-housing", "whos-who-benefits",
        "short-breaks", "ehc-plans", "dla", "carers-assessment", "direct-payments", "blue-badge", "home-adaptations", "sleep",
        "continence", "new-diagnosis", "moving-to-adult-services", "how-to-complain",
    } <= slugs  # fmt: skip


@pytest.mark.parametrize("text", ["", "title: x\n", "---\ntitle: x\n---\nbody", "no facts at all"])
def test_a_guide_without_its_facts_is_refused(text):
    with pytest.raises(ValueError, match="guide"):
        read_guide("broken", text)


def test_every_need_has_its_page_with_who_helps_and_the_official_information(client, db):
    for need in reference.get_needs(db).values():
        page = client.get(f"/needs/{need.slug}").text
        assert need.health_url in page
        assert "Who helps" in page
        assert need.sentence

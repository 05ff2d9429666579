"""What a holder sees of a record that does not match, and what they can do about it."""

from __future__ import annotations

from accounts.current import family
from records import editing
from tests.family import fill, sign_in, token_of
from tests.records.pages.conftest import opened

NOTE = {"v": 1, "kind": "note", "title": "Ask about the bus"}


def _cut_the_log(member, record):
    """Somebody with the database in their hands takes the newest line away."""
    with member.app.test_request_context():
        there = opened(member, record)
        editing.note_only(there, "signed_in")
        number = there.log_lines()[0].number
        family().execute("DELETE FROM log_line WHERE number = ?", [number])
        family().conn.commit()


def test_a_log_that_was_cut_is_said_until_its_holder_goes_on(amina, yusuf):
    assert "does not match" not in amina.client.get(yusuf).text
    _cut_the_log(amina, yusuf)
    assert "Something does not match" in amina.client.get(yusuf).text
    # Signing in writes a line of its own; it silences nothing.
    sign_in(amina.app.test_client(), amina.sign_in_name, amina.passphrase)
    assert "Something does not match" in amina.client.get(yusuf).text
    answer = fill(amina.client, yusuf, to=f"{yusuf}/go-on")
    assert answer.location == yusuf
    assert "does not match" not in amina.client.get(yusuf).text
    assert "read that something did not match, and went on" in amina.client.get(f"{yusuf}/log").text


def test_nobody_else_goes_on_for_them(amina, joe, yusuf):
    _cut_the_log(amina, yusuf)
    token = token_of(joe.client.get("/records/new").text)
    assert joe.client.post(f"{yusuf}/go-on", data={"csrf_token": token}).status_code == 404
    assert amina.client.post(f"{yusuf}/go-on").status_code == 400
    assert "Something does not match" in amina.client.get(yusuf).text


def test_one_damaged_entry_is_said_and_hides_no_other(amina, yusuf):
    with amina.app.test_request_context():
        there = opened(amina, yusuf)
        diary = there.book.by_slug("diary").id
        kept, damaged = (editing.add(there, diary, NOTE | {"title": title}) for title in ("Still here", "Damaged"))
        family().execute("UPDATE entry_version SET sealed = zeroblob(200) WHERE entry_id = ?", [damaged.id])
        family().conn.commit()
    assert "1 thing you kept cannot be opened" in amina.client.get(yusuf).text
    page = amina.client.get(f"{yusuf}/timeline")
    assert (page.status_code, "Still here" in page.text) == (200, True)
    answer = amina.client.get(f"{yusuf}/entries/{damaged.id}")
    assert (answer.status_code, "does not match" in answer.text) == (409, True)
    assert amina.client.get(f"{yusuf}/entries/{kept.id}").status_code == 200


def test_a_line_that_was_changed_is_said_where_the_lines_are_read(amina, yusuf):
    with amina.app.test_request_context():
        editing.note_only(opened(amina, yusuf), "signed_in")
        family().execute("UPDATE log_line SET generation = 7 WHERE number = 0")
        family().conn.commit()
    page = amina.client.get(f"{yusuf}/log").text
    assert "A line of this list was changed by somebody" in page
    with amina.app.test_request_context():
        family().execute("UPDATE log_line SET sealed = zeroblob(99) WHERE number = 0")
        family().conn.commit()
    assert "This list was changed by somebody" in amina.client.get(f"{yusuf}/log").text

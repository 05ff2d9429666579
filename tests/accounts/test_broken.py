"""Files that are broken, or held by somebody else, while somebody is signed in: a page in words, and a log without any."""

from __future__ import annotations

import pytest

PRIVATE = "canary-of-breaking"


@pytest.mark.parametrize("which", ["family_db", "sessions_db"])
@pytest.mark.parametrize(("address", "status"), [("/settings", 500), ("/record", 500), ("/", 200), ("/nowhere", 404)])
def test_a_page_in_words_comes_without_the_accounts(amina, caplog, which, address, status):
    path = getattr(amina.app.extensions["settings"], which)
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    answer = amina.client.get(f"{address}?q={PRIVATE}")
    assert answer.status_code == status
    assert status == 200 or "116 123" in answer.text
    assert PRIVATE not in caplog.text
    assert "Traceback" not in caplog.text


def test_a_row_that_makes_no_sense_is_an_error_page_and_no_word_of_it_is_logged(amina, family_db, caplog):
    with family_db.conn:
        family_db.execute("UPDATE account SET created_on = ?", [PRIVATE])
    answer = amina.client.get("/settings")
    assert answer.status_code == 500
    assert "116 123" in answer.text
    assert PRIVATE not in answer.text + caplog.text

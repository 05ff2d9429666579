"""Whatever is written into the log has words on the page that reads it: the source is walked for what is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from records import consent
from records.log_wording import DONE, DONE_TO, HAPPENED, log_sentence, looks_sentence
from records.looks import LOOKING
from records.young_wording import ANSWERED

RECORDS = Path(__file__).resolve().parents[2] / "records"
# What is handed to one of these, by place or as `what`, is written into the log.
_WRITES = {"note": 0, "look": 0, "note_only": 1, "note_version": 0, "change_book": 2, "_set_state": 4}
# Words of the log that stand in a variable where they are written.
_ELSEWHERE = {
    *ANSWERED.values(),
    *(consent.WITHDRAWN, consent.PAUSED, consent.EXPIRED, consent.CHANGED, consent.LEFT, consent.NEW_KEYS),
}


def _written() -> Iterator[tuple[str, str]]:
    """Each word, and the file it is written in."""
    for path in sorted(RECORDS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            said: list[ast.expr | None] = []
            if isinstance(node, ast.Dict):
                # A line's words, put together by hand.
                named = {
                    key.value: value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)
                }
                said = [named["what"]] if {"at", "who", "what"} <= named.keys() else []
            elif isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                keyword = next((one.value for one in node.keywords if one.arg == "what"), None)
                place = _WRITES.get(name)
                if place is not None:
                    said = [keyword or (node.args[place] if len(node.args) > place else None)]
                elif name in {"entry", "entries"}:
                    said = [keyword]
            yield from ((one.value, path.name) for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_word_that_is_written_into_the_log_has_a_sentence():
    found = dict(_written())
    assert {"saved", "granted", "opened", "listed", "guest_opened", "took_up_words", "founded", "binned", "feed"} <= found.keys()
    known = DONE.keys() | DONE_TO.keys() | HAPPENED.keys() | LOOKING
    for what, path in [*found.items(), *((what, "a variable") for what in _ELSEWHERE)]:
        assert what in known, f"{path} writes {what!r} into the log: give it words in records/log_wording.py."


@pytest.mark.parametrize("what", sorted({*DONE_TO, *HAPPENED}))
def test_a_sentence_about_somebody_has_their_name_and_does_without(what, empty_app):
    with empty_app.test_request_context():
        named, unnamed = log_sentence("You", what, name="Sara"), log_sentence("You", what)
    assert "%" not in named + unnamed
    assert "no words for" not in named + unnamed
    if "name" in str({**DONE_TO, **HAPPENED}[what]):
        assert "Sara" in named


def test_what_nobody_wrote_words_for_is_not_hidden(empty_app):
    with empty_app.test_request_context():
        assert log_sentence("Sara", "bewitched") == "Sara did something that this page has no words for."


def test_a_days_looks_are_one_sentence(empty_app):
    with empty_app.test_request_context():
        said = looks_sentence("Sara Morgan", (2, 1), ["Care plan", "Meetings"], {"Early help": ["Care plan"]}, searched=True)
    assert said == (
        "Sara Morgan opened 2 letters and 1 other thing and looked through Care plan, Meetings and searched and copied Care plan "
        "for the file “Early help”."
    )

"""What the invented families of `make demo` asked and said, and what was answered: only where everybody is invented."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from directory import gazetteer
from directory.keeping.comments import Comments
from directory.keeping.questions import Asked, Questions, Receipt
from directory.not_found import FEWEST, Cell, word_mark
from directory.publication import Publication, YouSaid
from directory.setup import REFERENCE
from directory.store import publications, searches
from directory.unmet_need import month_of
from plumbing.clock import today
from plumbing.dates import months_after
from plumbing.ids import new_id

SAID = REFERENCE / "demonstration" / "said.toml"
_WHO = "Beth"


def fill(
    db: Database, questions: Questions, comments: Comments, find: Callable[[str], list[str]], path: Path = SAID
) -> Receipt | None:
    """Fill in what was asked and said; returns what opens the answer, or None where something is there already.

    `find` gives the ids of services for words.
    """
    if publications.list_publications(db, shown_only=False) or questions.every():
        return None
    said = tomllib.loads(path.read_text("utf-8"))
    receipt = _answered(db, questions, said["question"], find)
    for one in said["waiting"]:
        _ask(db, questions, one)
    for one in said["comment"]:
        comments.add(one["topic"], one["words"], True, new_id())
        if "response" in one:
            newest = next(each for each in comments.waiting() if each.words == one["words"])
            comments.publish(newest.id, one["published"], one["response"], _WHO)
    with db.atomic():
        for one in said["you_said"]:
            publications.save_you_said(db, YouSaid(new_id(), one["said"], one["did"], month_of(today()), True, _WHO))
        for one in said["document"]:
            publications.save_publication(db, _document(one))
        _miss(db, said["missed"])
    return receipt


def _ask(db: Database, questions: Questions, one: dict[str, Any]) -> Receipt:
    outcode = gazetteer.outcode_of(db, one["place"]) or ""
    return questions.ask(Asked(one["words"], outcode, one["age_band"]), new_id())


def _answered(db: Database, questions: Questions, one: dict[str, Any], find: Callable[[str], list[str]]) -> Receipt:
    receipt = _ask(db, questions, one)
    asked = next(each for each in questions.every() if each.reference == receipt.reference)
    services = [id_ for words in one["look_for"] for id_ in find(words)[:1]]
    questions.answer(asked.id, one["answer"].strip(), tuple(services), one["category"], _WHO)
    return receipt


def _miss(db: Database, missed: dict[str, Any]) -> None:
    """What nobody could find, in the months before this one."""
    for months, subject, sign, outcode, band, number in missed["counts"]:
        searches.add(db, Cell(month_of(months_after(today(), -months)), subject, sign, outcode, band), number)
    month = month_of(months_after(today(), -1))
    for place, word in enumerate(missed["words"]):
        # So many senders as make a word known, and a few more.
        searches.add_word(db, month, word_mark(b"invented", month, word), (1 << FEWEST + 3 * place) - 1, word)


def _document(one: dict[str, str]) -> Publication:
    dated = months_after(today(), -2)
    return Publication(
        new_id(),
        one["kind"],
        one["title"],
        one["about"],
        dated,
        months_after(dated, 12),
        url=one["url"],
        council=one["council"],
        saved_by=_WHO,
    )

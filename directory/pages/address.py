"""A question in the address of a results page, both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import has_request_context, request, url_for
from werkzeug.datastructures import MultiDict

from directory.referral import KINDS
from directory.search import Query
from directory.search.query import LONGEST, RADII, SORTS
from directory.service import DELIVERIES
from directory.shortlist import Shortlist

_MOST_PAGES = 1000
_LANGUAGE = re.compile(r"[^\W\d_][\w ()'’-]{0,40}")
_SLUG = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True)
class Asked:
    """The question, and what was typed for an age that is none."""

    query: Query
    unknown_age: str = ""


def read(args: MultiDict[str, str]) -> Asked:
    """The question that an address asks. What makes no sense in it is left out, never an error."""
    age_text = args.get("age", "").strip()[:20]
    age = _age(age_text)
    query = Query(
        words=args.get("q", "")[: LONGEST * 20],
        place=args.get("place", "")[:100],
        age=age,
        categories=frozenset(slug for slug in args.getlist("category") if _SLUG.fullmatch(slug)),
        needs=frozenset(slug for slug in args.getlist("need") if _SLUG.fullmatch(slug)),
        free=args.get("free") == "1",
        delivery=frozenset(args.getlist("delivery")) & frozenset(DELIVERIES),
        referral=frozenset(args.getlist("referral")) & frozenset(KINDS),
        languages=frozenset(name for name in args.getlist("language") if _LANGUAGE.fullmatch(name)),
        within=_whole(args.get("within")) if _whole(args.get("within")) in RADII else None,
        sort=args["sort"] if args.get("sort") in SORTS else "best",
        page=min(max(1, _whole(args.get("page")) or 1), _MOST_PAGES),
        as_words=frozenset(args.getlist("as_words")) & {"place", "age", "spelling"},
    )
    return Asked(query, age_text if age_text and age is None else "")


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text, re.ASCII) else None


def _age(text: str) -> float | None:
    """An age from what was typed in its box.

    >>> _age("7"), _age("18 months"), _age("2.5 years"), _age("old")
    (7.0, 1.5, 2.5, None)
    """
    match = re.fullmatch(r"(\d{1,3}(?:\.\d)?)\s*(months?|mths?|m)?\s*(?:y|yrs?|years?)?(?:\s*old)?", text.lower(), re.ASCII)
    if not match:
        return None
    age = float(match[1]) / 12 if match[2] else float(match[1])
    return age if 0 <= age <= 120 else None


def parameters(query: Query) -> dict[str, Any]:
    """The parameters that ask `query`, without those that ask nothing, in an order that stays the same."""
    given: Mapping[str, Any] = {
        "q": query.words.strip(),
        "place": query.place.strip(),
        "age": f"{query.age:g}" if query.age is not None else "",
        "category": sorted(query.categories),
        "need": sorted(query.needs),
        "free": "1" if query.free else "",
        "delivery": sorted(query.delivery),
        "referral": sorted(query.referral),
        "language": sorted(query.languages),
        "within": query.within,
        "sort": query.sort if query.sort != "best" else "",
        "page": query.page if query.page > 1 else "",
        "as_words": sorted(query.as_words),
    }
    return {name: value for name, value in given.items() if value}


def results_url(query: Query, **changes: Any) -> str:
    """The address of the results for `query` with some of it changed; from the first page, unless that is what changes.

    A list that the page's own address carries, for want of script, goes along.
    """
    kept = Shortlist.of(request.args.getlist("s")).ids if has_request_context() else ()
    return url_for("directory.results", **parameters(replace(query, **({"page": 1} | changes))), s=kept)

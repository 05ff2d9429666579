"""What may be asked, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

from directory.places import Place

LONGEST = 300
SORTS = ("best", "nearest")
RADII = (5, 10, 20, 40)


@dataclass(frozen=True)
class Query:
    """A question. Empty values ask nothing: an empty `categories` means every category.

    `place` is what was typed; `age` is in years; `within` in miles (None: any distance). `as_words` names what must *not* be
    read out of the sentence ("place", "age", "spelling"), because the reader has overruled it.
    """

    words: str = ""
    place: str = ""
    age: float | None = None
    categories: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    free: bool = False
    delivery: frozenset[str] = frozenset()
    referral: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    within: int | None = None
    sort: str = "best"
    page: int = 1
    size: int = 10
    as_words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Understood:
    """What we made of a sentence: what is left of its words, and what we read out of it (None: nothing).

    `place_said` is the text the place was read from; `unknown_place` a place that was asked for and that we do not know.
    """

    words: str
    place: Place | None = None
    age: float | None = None
    place_said: str = ""
    age_said: str = ""
    unknown_place: str = ""
    crisis: bool = False


@dataclass(frozen=True)
class Why:
    """Why a service is among the results: the typed words it has, those it has by another name, and a category that fits."""

    words: tuple[str, ...] = ()
    meaning: tuple[tuple[str, str], ...] = ()
    category: str = ""


@dataclass(frozen=True)
class Result:
    """One service found: its id, how far it is in miles (None: not known, or it is national) and why it is here."""

    id: str
    score: float
    miles: float | None = None
    reach: str = "area"
    why: Why = Why()


@dataclass(frozen=True)
class Correction:
    """A word that nobody uses, and what we took it for."""

    typed: str
    meant: str


@dataclass(frozen=True)
class Page:
    """The answer: `results` in order (one page of `total`), counts for each choice, and what was made of the question.

    `facets` counts results by kind of choice and value: `facets["category"]["sleep"]`. `relaxed` says that few had all the
    words, and `dropped` which of them no listing has at all. `guides` are slugs of guides that fit beside the services.
    """

    total: int = 0
    results: tuple[Result, ...] = ()
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    understood: Understood = Understood("")
    corrections: tuple[Correction, ...] = ()
    relaxed: bool = False
    dropped: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    likely_categories: tuple[str, ...] = ()
    page: int = 1

"""How fast search is, beside SQLite FTS5 doing the same work on the same made-up services, in one run.

The services are made of the words and word frequencies of our own reference texts, with a tail of made-up rare words, because
a real directory has many; the 300 questions are of five kinds, sixty each. Everything follows from one seed.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from directory import gazetteer, reference, setup
from directory.migrations import migrations
from directory.search.bench_fts import Asked, FtsIndex
from directory.search.document import SERVICE, Document
from directory.search.finder import Finder
from directory.search.index import Index
from directory.search.query import Query
from directory.search.words import tokens
from plumbing.db import apply_migrations, open_db

_SEED = 20261122
_BODY_WORDS = 90
_RARE_SHARE = 0.04
_EACH = 60
_Result = TypeVar("_Result")
# A place that a sentence names by itself asks for no distance; FTS5 needs one.
_FAR = 60
_PASSES = 3
_TOWNS = ("Alnwick", "Leeds", "Bristol", "Cardiff", "NE66", "M14 5", "Exeter", "York", "Norwich", "G12")


def run(sizes: Sequence[int], echo: Callable[[str], None]) -> None:
    """Measure each size and print figures and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        apply_migrations(here / "words.db", migrations)
        db = open_db(here / "words.db")
        setup.set_up(db)
        db.close()
        for size in sizes:
            echo(f"\n{size:,} services, {5 * _EACH} questions, warm: median of {_PASSES} passes a question")
            build = _apart(_build_ours, here, size)
            ours = _print(echo, "Linkbook (Whoosh, bitmaps)", replace(_apart(_ask_ours, here, size), build=build))
            build = _apart(_build_theirs, here, size)
            theirs = _print(echo, "SQLite FTS5", replace(_apart(_ask_theirs, here, size), build=build))
            for name, one, other in (("p50", ours.warm[0], theirs.warm[0]), ("p95", ours.warm[1], theirs.warm[1])):
                echo(f"  {name} of ours to FTS5's: {one / other:.2f}")


@dataclass(frozen=True)
class _Figures:
    """What was measured of one engine: (p50, p95) in ms, seconds, MB on disk and in memory to answer, seconds of each update."""

    cold: tuple[float, float]
    warm: tuple[float, float]
    build: float
    disk: float
    memory: float
    updates: list[float]


def _apart(measure: Callable[[Path, int], _Result], here: Path, size: int) -> _Result:
    """Measure in a process of its own, so that nothing that another leaves in memory is counted."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, here, size).result()


def _build_ours(here: Path, size: int) -> float:
    documents, index = list(made_services(open_db(here / "words.db"), size)), Index(here / f"whoosh-{size}")
    with index.writing(wait=1):
        return _timed(lambda: index.rebuild(documents, {}))


def _ask_ours(here: Path, size: int) -> _Figures:
    db = open_db(here / "words.db")
    queries, finder, folder = made_queries(db), Finder(here / "unused"), here / f"whoosh-{size}"
    finder.vocabulary(db)
    before, index = _memory_mb(), Index(folder)
    cold, warm = _time(queries, lambda query: finder.answer(db, query, index.segments()))
    memory = _memory_mb() - before
    changed = itertools.islice(made_services(db, size), 10)
    updates = [_timed(lambda document=document: _update(index, document)) for document in changed]  # type: ignore[misc]
    return _Figures(cold, warm, 0.0, _size_mb(folder), memory, updates)


def _build_theirs(here: Path, size: int) -> float:
    documents = list(made_services(open_db(here / "words.db"), size))
    return _timed(lambda: FtsIndex(here / f"fts-{size}.db").build(documents))


def _ask_theirs(here: Path, size: int) -> _Figures:
    db = open_db(here / "words.db")
    queries, finder, file = made_queries(db), Finder(here / "unused"), here / f"fts-{size}.db"
    finder.vocabulary(db)
    before, fts = _memory_mb(), FtsIndex(file)
    fts.load()

    def ask(query: Query) -> object:
        understood = finder.understand(db, query)
        groups = finder.vocabulary(db).group(list(tokens(understood.words))[:12])
        category = next(iter(query.categories), None)
        place, age = understood.place, understood.age
        return fts.search(Asked(groups, place, query.within or _FAR, age, category, query.free))

    cold, warm = _time(queries, ask)
    memory = _memory_mb() - before
    one = next(made_services(db, 1))
    updates = [_timed(lambda number=number: fts.update(size + number, one)) for number in range(10)]  # type: ignore[misc]
    return _Figures(cold, warm, 0.0, file.stat().st_size / 1e6, memory, updates)


def _middle_and_tail(times: list[float]) -> tuple[float, float]:
    ordered = sorted(times)
    return statistics.median(ordered) * 1000, ordered[int(0.95 * len(ordered))] * 1000


def _time(queries: Sequence[Query], ask: Callable[[Query], object]) -> tuple[tuple[float, float], tuple[float, float]]:
    passes = [[_timed(lambda query=query: ask(query)) for query in queries] for _ in range(_PASSES + 1)]  # type: ignore[misc]
    warm = [statistics.median(times) for times in zip(*passes[1:], strict=True)]
    return _middle_and_tail(passes[0]), _middle_and_tail(warm)


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _update(index: Index, document: Document) -> None:
    """One listing changed, and seen by the next question."""
    changed = replace(document, title=f"{document.title} changed")
    with index.writing(wait=1):
        index.apply([changed], [])
    index.segments()


def _print(echo: Callable[[str], None], name: str, figures: _Figures) -> _Figures:
    warm, cold, updates = figures.warm, figures.cold, figures.updates
    echo(f"  {name}")
    echo(f"    a question   p50 {warm[0]:.2f} ms, p95 {warm[1]:.2f} ms (cold pass: {cold[0]:.2f}, {cold[1]:.2f})")
    echo(f"    building     {figures.build:.1f} s, {figures.disk:.1f} MB on disk, {figures.memory:.0f} MB of memory to answer")
    echo(f"    one listing changed and seen: {statistics.median(updates) * 1000:.0f} ms (slowest {max(updates) * 1000:.0f})")
    return figures


def _memory_mb() -> float:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # not Linux: the figure is left at nothing rather than guessed
        return 0.0
    return pages * 4096 / 1e6


def _size_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


# -- what is searched, and what is asked


def _texts() -> Iterator[str]:
    for path in sorted((setup.REFERENCE / setup.DEMONSTRATION).glob("*.json")):
        for service in json.loads(path.read_text("utf-8"))["contents"]:
            yield f"{service['name']} {service['description']}"
    for path in sorted((setup.REFERENCE / "guides").glob("*.md")):
        yield path.read_text("utf-8")


def made_services(db: Database, size: int) -> Iterator[Document]:
    """`size` made-up services, always the same ones."""
    rng = random.Random(_SEED)  # noqa: S311 - not for secrets
    counts = Counter(word for text in _texts() for word in re.findall(r"[a-z']+", text.lower()))
    words, weights = list(counts), list(itertools.accumulate(counts.values()))
    categories, needs = list(reference.get_categories(db).values()), list(reference.get_needs(db))
    places = [(row["latitude"], row["longitude"]) for row in db.query("SELECT * FROM place WHERE kind = 'sector' ORDER BY name")]
    for number in range(size):
        text = rng.choices(words, cum_weights=weights, k=_BODY_WORDS)
        for position in range(len(text)):
            if rng.random() < _RARE_SHARE:
                text[position] = "".join(rng.choices("abcdefghilmnoprstuvw", k=rng.randint(5, 9)))
        own = rng.sample(categories, rng.randint(1, 3))
        said = rng.sample(own[0].words, min(3, len(own[0].words)))
        low = rng.choice([None, 0.0, 2.0, 5.0, 8.0, 11.0])
        yield Document(
            id=f"made-{number}",
            kind=SERVICE,
            title=f"{rng.choice(own[0].examples or ('Help',))} {rng.choice(words)} {number}",
            body=" ".join(text) + " " + " . ".join(said),
            categories=tuple(category.slug for category in own),
            needs=tuple(rng.sample(needs, rng.randint(0, 3))),
            delivery=tuple(rng.sample(("in_person", "online", "phone", "home"), rng.randint(1, 2))),
            referral=(rng.choice(("self", "self", "gp", "school", "social_worker")),),
            free=rng.random() < 0.5,
            minimum_age=low,
            maximum_age=rng.choice([None, 11.0, 18.0, 25.0]),
            reach=rng.choices(("area", "county", "national"), weights=(80, 15, 5))[0],
            points=(rng.choice(places),) if rng.random() < 0.85 else (),
        )


def made_queries(db: Database) -> list[Query]:
    """300 questions: words, misspelt words, sentences, with a place, and with choices; first 20 results."""
    rng = random.Random(_SEED + 1)  # noqa: S311
    categories = list(reference.get_categories(db).values())
    phrases = [phrase for category in categories for phrase in category.words]
    counts = Counter(word for text in _texts() for word in re.findall(r"[a-z]{4,}", text.lower()))
    common = [word for word, _ in counts.most_common(1500)]
    assert gazetteer.find_place(db, _TOWNS[0])  # noqa: S101 - a bench without places would flatter us

    def some(number: int) -> str:
        return " ".join(rng.sample(common, number))

    def misspelt(text: str) -> str:
        position = rng.randrange(1, len(text) - 1)
        return (
            text[:position] + text[position + 1 :]
            if rng.random() < 0.5
            else text[: position - 1] + text[position] + text[position - 1] + text[position + 1 :]
        )

    queries = [Query(words=some(rng.choice((1, 1, 2, 2, 3)))) for _ in range(_EACH)]
    queries += [Query(words=misspelt(rng.choice([word for word in common if len(word) > 6]))) for _ in range(_EACH)]
    queries += [
        Query(words=f"how do i find {rng.choice(phrases)} for my {rng.choice(('son', 'daughter', 'child'))}")
        for _ in range(_EACH)
    ]
    queries += [
        Query(words=some(rng.choice((1, 2))), place=rng.choice(_TOWNS), within=rng.choice((5, 10, 20, 40))) for _ in range(_EACH)
    ]
    queries += [
        Query(
            words=some(1),
            categories=frozenset({rng.choice(categories).slug}) if rng.random() < 0.6 else frozenset(),
            age=rng.choice((None, 3.0, 7.0, 14.0)),
            free=rng.random() < 0.4,
        )
        for _ in range(_EACH)
    ]
    rng.shuffle(queries)
    return [replace(query, size=20) for query in queries]

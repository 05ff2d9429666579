"""Search as the rest of the directory sees it: one Finder a process, which keeps its index true to the database by itself."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from directory import gazetteer, reference, store
from directory.places import Place
from directory.search import ranking
from directory.search.document import Document, guide_document, service_document
from directory.search.index import Index
from directory.search.query import Correction, Page, Query, Result, Understood, Why
from directory.search.segment import Segment
from directory.search.spelling import Speller
from directory.search.understanding import understand
from directory.search.vocabulary import Alternative, Group, Vocabulary
from directory.search.words import Token, terms, tokens

log = logging.getLogger(__name__)
MOST_WORDS = 12
# More changes than this at once, and writing all anew is quicker and leaves a tidier index.
_MANY_CHANGES = 400
_REBUILD_SECONDS = 300.0
# Raised when the way documents are made or stored changes: an older index is then rebuilt.
_SHAPE = 3


@dataclass(frozen=True)
class _Knowledge:
    """What questions are read with, as of one revision of the directory."""

    revision: int
    vocabulary: Vocabulary
    place_names: frozenset[str]
    digest: str


@dataclass(frozen=True)
class Health:
    """How the index stands: how many documents it has and should have, and changes it has not been told of."""

    documents: int
    expected: int
    waiting: int
    ok: bool


class Finder:
    """Finds services. Safe to share between threads; each process has its own, and all share the files in `folder`."""

    def __init__(self, folder: Path, crisis_words: Sequence[str] = ()) -> None:
        self._index = Index(folder)
        self._crisis = tuple(phrase for phrase in map(terms, crisis_words) if phrase)
        self._lock = threading.RLock()
        self._knowledge: _Knowledge | None = None
        self._speller: tuple[tuple[int, ...], Speller] | None = None
        self._verified = False

    # -- asking

    def search(self, db: Database, query: Query) -> Page:
        """Answer a question. Whatever was typed, this raises nothing about it."""
        knowledge = self._known(db)
        self._catch_up(db, knowledge)
        try:
            return self.answer(db, query, self._index.segments())
        except Exception:  # whatever a damaged index makes the library raise, it can be made again
            log.exception("The search index did not answer; it is built anew.")
            self.rebuild(db)
            return self.answer(db, query, self._index.segments())

    def understand(self, db: Database, query: Query) -> Understood:
        """What is read out of a question before anything is looked for."""
        knowledge = self._known(db)

        def find_place(text: str) -> Place | None:
            return gazetteer.find_place(db, text)

        return understand(query, find_place, knowledge.place_names, knowledge.vocabulary.knows, self._crisis)

    def vocabulary(self, db: Database) -> Vocabulary:
        """The words that questions are read with."""
        return self._known(db).vocabulary

    def answer(self, db: Database, query: Query, segments: list[Segment]) -> Page:
        """Answer from these segments, whatever index they are of; `db` gives words and places. (The bench brings its own.)"""
        vocabulary = self.vocabulary(db)
        understood = self.understand(db, query)
        groups, said, corrections = self._plan(understood.words, query, vocabulary, segments)
        known, dropped = self._in_listings(groups, vocabulary, segments)
        likely = vocabulary.likely_categories(said, groups) if groups else {}
        if query.categories:
            likely = {slug: confidence for slug, confidence in likely.items() if slug in query.categories}
        if groups and not known:
            likely = {slug: confidence for slug, confidence in likely.items() if confidence >= ranking.SURE}
        if groups and not known and not likely:
            return Page(understood=understood, corrections=corrections, dropped=dropped)
        asked = bool(groups)
        ranked = ranking.rank(segments, known, query, understood.place, understood.age, likely, asked=asked)
        return Page(
            total=ranked.total,
            results=tuple(self._result(match, known, likely) for match in ranked.matches),
            facets=ranked.facets,
            understood=understood,
            corrections=corrections,
            relaxed=ranked.relaxed,
            dropped=dropped,
            guides=tuple(ranked.guides),
            likely_categories=tuple(likely),
            page=query.page,
        )

    def _in_listings(
        self, groups: Sequence[Group], vocabulary: Vocabulary, segments: list[Segment]
    ) -> tuple[list[Group], tuple[str, ...]]:
        """The groups that some listing has, and the typed words of those that none has.

        A name of several words that no listing has ("speech delay clinic") is asked for word by word.
        """
        known: list[Group] = []
        dropped: list[str] = []
        for group in groups:
            parts = [group]
            if not _found(group, segments) and not group.quoted and " " in group.typed:
                parts = [one for token in tokens(group.typed) for one in vocabulary.group([token])]
            for part in parts:
                if _found(part, segments):
                    known.append(part)
                else:
                    dropped.append(part.typed)
        return list({group.alternatives[0].terms: group for group in known}.values()), tuple(dict.fromkeys(dropped))

    def _plan(
        self, words: str, query: Query, vocabulary: Vocabulary, segments: list[Segment]
    ) -> tuple[list[Group], list[Token], tuple[Correction, ...]]:
        """The question as groups: quotes make a phrase, everything else is words; at most 12 of them count."""
        groups: list[Group] = []
        said: list[Token] = []
        corrections: list[Correction] = []
        for part, quoted in _split_quotes(words):
            found = list(tokens(part))[: MOST_WORDS - len(said)]
            if not found:
                continue
            if quoted:
                # Whoever quotes wants these words, and not what they usually mean.
                groups += _phrase(found)
                continue
            if "spelling" not in query.as_words:
                found, respelt = vocabulary.respell(found)
                corrections += [Correction(typed, meant) for typed, meant in respelt]
                found = [self._corrected(token, vocabulary, segments, corrections) for token in found]
            groups += vocabulary.group(found)
            said += found
        return groups, said, tuple(corrections)

    def _corrected(self, token: Token, vocabulary: Vocabulary, segments: list[Segment], corrections: list[Correction]) -> Token:
        if vocabulary.knows(token.surface) or any(segment.has_word(token.term) for segment in segments):
            return token
        meant = self._spelling(vocabulary, segments).correct(token.surface)
        if not meant:
            return token
        corrections.append(Correction(token.surface, meant))
        return next(iter(tokens(meant)), token)

    def _spelling(self, vocabulary: Vocabulary, segments: list[Segment]) -> Speller:
        key = (id(vocabulary), *(id(segment) for segment in segments))
        if self._speller is None or self._speller[0] != key:
            counts: Counter[str] = Counter(vocabulary.surfaces)
            for segment in segments:
                counts.update(segment.surfaces())
            self._speller = key, Speller(counts)
        return self._speller[1]

    def _result(self, match: ranking.Match, groups: Sequence[Group], likely: dict[str, float]) -> Result:
        segment, number = match.segment, match.number
        words, meaning = [], []
        for group in groups:
            having = [a for a in group.alternatives if segment.posting(a).bits >> number & 1]
            if having and having[0] is group.alternatives[0]:
                words.append(group.typed)
            elif having and having[0].said and having[0].said != group.typed:
                meaning.append((group.typed, having[0].said))
            elif having:
                words.append(group.typed)
        category = next((slug for slug in likely if segment.facet("category", slug) >> number & 1), "")
        return Result(match.id, match.score, match.miles, segment.reaches[number], Why(tuple(words), tuple(meaning), category))

    # -- keeping true

    def _known(self, db: Database) -> _Knowledge:
        revision = store.revision(db)
        knowledge = self._knowledge
        if knowledge is None or knowledge.revision != revision:
            categories, needs = reference.get_categories(db), reference.get_needs(db)
            vocabulary = Vocabulary.of(reference.get_synonym_lines(db), categories.values(), needs.values())
            labels = "|".join(
                [f"{c.slug}={c.label}={c.examples}" for c in categories.values()]
                + [f"{n.slug}={n.label}" for n in needs.values()]
            )
            guides = "|".join(f"{g.slug}={g.title}={g.words}={g.body}" for g in reference.get_guides(db).values())
            digest = hashlib.sha256(f"{_SHAPE}|{labels}|{guides}".encode()).hexdigest()
            knowledge = _Knowledge(revision, vocabulary, gazetteer.place_names(db), digest)
            self._knowledge = knowledge
        return knowledge

    def _catch_up(self, db: Database, knowledge: _Knowledge) -> None:
        """Tell the index what changed; build it where it is missing, damaged, or made of other stuff."""
        if not self._sound(db, knowledge):
            self.rebuild(db)
            return
        waiting, _ = store.untold(db)
        if not waiting:
            return
        if len(waiting) > _MANY_CHANGES:
            self.rebuild(db)
            return
        try:
            lock = self._index.writing(wait=0.5)
        except TimeoutError:
            return  # somebody else is at it; until they are done the index as it was is better than a wait
        try:
            # The transactions only read, or only write: one that did both could meet another writer between. Told last, so that
            # a death on the way leaves the changes to be told again.
            with db.atomic():
                waiting, number = store.untold(db)
                documents = list(self._service_documents(db, waiting))
            self._index.apply(documents, set(waiting) - {document.id for document in documents})
            with db.atomic():
                store.told(db, number)
        finally:
            lock.release()

    def _sound(self, db: Database, knowledge: _Knowledge) -> bool:
        stamp = self._index.stamp()
        if stamp.get("digest") != knowledge.digest:
            return False
        if not self._verified:
            # Once a process: Whoosh never syncs its files, and a crash of the machine may have left less than it said.
            try:
                health = self.health(db)
            except Exception:  # see search()
                log.exception("The search index cannot be read.")
                return False
            if not health.ok:
                return False
            self._verified = True
        return True

    def health(self, db: Database) -> Health:
        """How the index stands against the database. Raises what reading a damaged index raises."""
        waiting, _ = store.untold(db)
        expected = len(store.all_service_ids(db)) + len(reference.get_guides(db))
        documents = self._index.count() if self._index.exists() else 0
        return Health(documents, expected, len(waiting), ok=bool(waiting) or documents == expected)

    def rebuild(self, db: Database) -> int:
        """Write the whole index anew beside the old one, which goes on answering; returns how many documents it has."""
        with self._lock:
            knowledge = self._known(db)
            lock = self._index.writing(wait=_REBUILD_SECONDS)
            try:
                with db.atomic():
                    _, number = store.untold(db)
                    ids = store.all_service_ids(db)
                    stamp = {"digest": knowledge.digest, "shape": _SHAPE}
                    count = self._index.rebuild(self._all_documents(db, ids), stamp)
                with db.atomic():
                    store.told(db, number)
            finally:
                lock.release()
            self._verified = True
            return count

    def _all_documents(self, db: Database, ids: Sequence[str]) -> Iterator[Document]:
        categories = reference.get_categories(db)
        for guide in reference.get_guides(db).values():
            yield guide_document(guide, categories)
        for start in range(0, len(ids), 1000):
            yield from self._service_documents(db, ids[start : start + 1000])

    def _service_documents(self, db: Database, ids: Sequence[str]) -> Iterator[Document]:
        categories, needs = reference.get_categories(db), reference.get_needs(db)
        counties: dict[str, Place | None] = {}
        for service in store.get_services(db, ids):
            if not service.is_shown:
                continue
            hidden = {}
            for location in service.locations:
                if location.hides_address:
                    outcode = location.shown.postal_code
                    middle = gazetteer.find_place(db, outcode) or gazetteer.find_place(db, location.city)
                    if middle:
                        hidden[location.id] = middle.point
            for area in service.service_areas:
                if area.name not in counties:
                    counties[area.name] = gazetteer.find_place(db, area.name)
            areas = [counties[area.name] for area in service.service_areas]
            yield service_document(store.shown(service), categories, needs, hidden, [area.point for area in areas if area])


def _found(group: Group, segments: Sequence[Segment]) -> bool:
    return any(segment.group(group).bits & segment.live for segment in segments)


def _split_quotes(text: str) -> Iterator[tuple[str, bool]]:
    text = text.replace("“", '"').replace("”", '"')
    for number, part in enumerate(text.split('"')):
        # A quote that is never closed is no quote.
        yield part, number % 2 == 1 and text.count('"') > number


def _phrase(found: Sequence[Token]) -> list[Group]:
    typed = " ".join(token.surface for token in found)
    return [Group(typed, (Alternative(tuple(token.term for token in found), 1.0, typed),), quoted=True)]

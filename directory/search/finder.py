"""Search as the rest of the directory sees it: a question in, a page of services out."""

from __future__ import annotations

import copy
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database

from directory import gazetteer, reference
from directory.places import Place
from directory.search import ranking
from directory.search.keeper import Health, Keeper
from directory.search.query import Correction, Page, Query, Result, Understood, Why
from directory.search.segment import Segment
from directory.search.spelling import Speller
from directory.search.understanding import is_crisis, understand
from directory.search.vocabulary import Alternative, Group, Vocabulary
from directory.search.words import Token, term_of, terms, tokens

MOST_WORDS = 12


class Finder:
    """Finds services. Safe to share between threads; each process has its own, and all share the files in `folder`."""

    def __init__(self, folder: Path, crisis_words: Sequence[str] = ()) -> None:
        self._keeper = Keeper(folder)
        self._crisis = tuple(phrase for phrase in map(terms, crisis_words) if phrase)
        self._speller: tuple[tuple[int, ...], Speller] | None = None
        self._tried: Vocabulary | None = None

    def trying(self, db: Database, lines: Sequence[str]) -> Finder:
        """A Finder that answers as this one would with these synonym lines as well. For one request: it learns of no changes."""
        other = copy.copy(self)
        categories, needs = reference.get_categories(db), reference.get_needs(db)
        other._tried = Vocabulary.of([*reference.get_synonym_lines(db), *lines], categories.values(), needs.values())
        other._speller = None
        return other

    # -- asking

    def search(self, db: Database, query: Query) -> Page:
        """Answer a question. Whatever was typed, this raises nothing about it."""
        segments = self._keeper.segments(db)
        try:
            return self.answer(db, query, segments)
        except sqlite3.Error:
            raise
        except Exception as error:  # see Keeper.segments: a damage may show only where it is read
            return self.answer(db, query, self._keeper.mend(db, error))

    def health(self, db: Database) -> Health:
        """How the index stands against the database."""
        return self._keeper.health(db)

    def rebuild(self, db: Database) -> int:
        """Write the whole index anew; returns how many documents it has."""
        return self._keeper.rebuild(db)

    def understand(self, db: Database, query: Query, segments: Sequence[Segment] = ()) -> Understood:
        """What is read out of a question before anything is looked for."""
        knowledge = self._keeper.knowledge(db)

        def is_word(name: str) -> bool:
            # Eye, Bath, Sale, Street: a name that listings use as a word is one, unless it is a town of ours.
            if self.vocabulary(db).knows(name):
                return True
            term = term_of(name)
            return name not in knowledge.own_towns and any(segment.has_word(term) for segment in segments)

        def find_place(text: str) -> Place | None:
            return gazetteer.find_place(db, text)

        return understand(query, find_place, knowledge.place_names, is_word, self._crisis)

    def is_crisis(self, words: str) -> bool:
        """Whether what somebody wrote, however long, means that they may need help at once."""
        return is_crisis(words, self._crisis)

    def vocabulary(self, db: Database) -> Vocabulary:
        """The words that questions are read with."""
        return self._tried or self._keeper.knowledge(db).vocabulary

    def answer(self, db: Database, query: Query, segments: list[Segment]) -> Page:
        """Answer from these segments, whatever index they are of; `db` gives words and places. (The bench brings its own.)"""
        vocabulary = self.vocabulary(db)
        understood = self.understand(db, query, segments)
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

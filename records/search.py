"""Search inside an opened record: decrypted documents are scanned, and nothing is kept, not even an index.

Every word must be somewhere in an entry, at the start of a word there; where no entry has them all, any of them will do, and the
answer says so. A word of five letters or more that is nowhere in the record stands for its nearest ones: one slip of the
fingers, two from nine letters on.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from records.entry import Entry
from records.folding import fold, stands_in, words
from records.kinds import kind_of, searchable, when_of

LONGEST_QUERY = 300
MOST_WORDS = 12
_ONE_SLIP, _TWO_SLIPS = 5, 9
_MOST_MEANT = 5
_SMALL_WORDS = frozenset("a an and at by for from in is it my of on or our that the this to was with".split())
# A telephone or NHS number is one word, however it is spaced.
_NUMBER = re.compile(r"\d(?:[ ()-]{0,3}\d){8,}")
_BEFORE, _AFTER = 60, 140


@dataclass(frozen=True)
class Part:
    """A piece of a snippet, as plain text; `is_match` is what to mark."""

    text: str
    is_match: bool = False


@dataclass(frozen=True)
class _Word:
    """A word that was asked for: as it was typed, and the forms that will do. A single letter must be a word by itself."""

    typed: str
    forms: tuple[str, ...]

    def is_in(self, folded: str) -> bool:
        return any(stands_in(form, folded, whole=len(form) == 1) for form in self.forms)

    def is_whole_in(self, folded: str) -> bool:
        return any(stands_in(form, folded, whole=True) for form in self.forms)


@dataclass(frozen=True)
class _Page:
    """An entry, ready to be looked through: its fields folded, and all of them in one text, which is looked at first."""

    entry: Entry
    texts: list[tuple[str, str]]
    folded: list[str]
    whole: str


@dataclass(frozen=True)
class Found:
    """An entry that was found. Where in it is worked out only when a page asks: of a thousand found, twenty are shown."""

    _page: _Page = field(repr=False)
    _words: tuple[_Word, ...] = field(repr=False)

    @property
    def entry(self) -> Entry:
        """What was found."""
        return self._page.entry

    @cached_property
    def place(self) -> str:
        """The field with the best match besides the title, which is shown anyway; "" where only its kind or its day matched."""
        return self._best[0]

    @cached_property
    def snippet(self) -> tuple[Part, ...]:
        """The words around the first match in that field, with every match in them marked."""
        return _snippet(self._best[1], self._words)

    @cached_property
    def _best(self) -> tuple[str, str]:
        title = kind_of(self.entry.document).title
        matches = [
            (name not in title, sum(word.is_in(folded) for word in self._words), _weight(self.entry, name), -number)
            for number, ((name, _), folded) in enumerate(zip(self._page.texts, self._page.folded, strict=True))
            if any(word.is_in(folded) for word in self._words)
        ]
        return self._page.texts[-max(matches)[-1]] if matches else ("", "")


@dataclass(frozen=True)
class Answer:
    """What was found, best first; whether every word was; and for words that are nowhere, what was looked for: typed → meant."""

    found: tuple[Found, ...] = ()
    every_word: bool = True
    meant: tuple[tuple[str, str], ...] = ()


def search(entries: Iterable[Entry], query: str) -> Answer:
    """The entries that answer what was typed. Whatever was typed, it never raises."""
    asked = _asked(query)
    pages = [_page(entry) for entry in entries] if asked else []
    if not pages:
        return Answer()
    places = {word: _places(word, pages) for word in asked}
    meant = []
    for word, instead in _nearest([word for word in asked if not places[word]], pages):
        places[instead] = _places(instead, pages)
        del places[word]
        meant.append((word.typed, _as_written(instead.forms[0], pages)))
    everywhere = set.intersection(*places.values())
    anywhere = everywhere or set.union(*places.values())
    found = [
        Found(pages[number], tuple(word for word, numbers in places.items() if number in numbers)) for number in sorted(anywhere)
    ]
    found.sort(key=lambda one: one.entry.id)
    found.sort(key=lambda one: _newness(one.entry), reverse=True)
    found.sort(key=_score, reverse=True)
    return Answer(tuple(found), bool(everywhere) or not anywhere, tuple(meant))


def _asked(query: str) -> list[_Word]:
    """The words of a query: each once, small ones only where there are no others, at most twelve."""
    text = _joined_numbers(query[:LONGEST_QUERY])
    typed = {fold(match.group()): match.group() for match in words(text)}
    chosen = {word: surface for word, surface in typed.items() if word and word not in _SMALL_WORDS} or typed
    return [_Word(surface, (word,)) for word, surface in list(chosen.items())[:MOST_WORDS] if word]


def _joined_numbers(text: str) -> str:
    return _NUMBER.sub(lambda number: "".join(c for c in number.group() if c.isdigit()), text)


def _places(word: _Word, pages: list[_Page]) -> set[int]:
    return {number for number, page in enumerate(pages) if word.is_in(page.whole)}


def _page(entry: Entry) -> _Page:
    texts = searchable(entry.document)
    folded = [fold(text) for _, text in texts]
    return _Page(entry, texts, folded, "\n".join([*folded, *_numbers(texts), _facts(entry)]))


def _numbers(texts: list[tuple[str, str]]) -> list[str]:
    """Long numbers without their spaces, from the short fields: in what a machine read they would take too long to find."""
    joined = ((text, _joined_numbers(text)) for name, text in texts if name != "found_text")
    return [fold(number) for text, number in joined if number != text]


def _facts(entry: Entry) -> str:
    """What nobody wrote but many ask for: "appointment", "March 2026"."""
    when = when_of(entry.document)
    date = f" {when.day} {calendar.month_name[when.month].lower()} {when.year}" if when else ""
    return entry.kind.replace("_", " ") + date


def _newness(entry: Entry) -> str:
    when = when_of(entry.document)
    return when.isoformat() if when else entry.saved_at[:10]


def _score(found: Found) -> tuple[int, int]:
    """How many of the words it has, and how well: each counts by the best field it is in, a whole word more than a beginning."""
    return len(found._words), sum(_score_of(word, found._page) for word in found._words)


def _score_of(word: _Word, page: _Page) -> int:
    best = 1
    for (name, _), folded in zip(page.texts, page.folded, strict=True):
        weight = _weight(page.entry, name) * 2
        if weight >= best and word.is_in(folded):
            best = max(best, weight + word.is_whole_in(folded))
    return best


def _weight(entry: Entry, name: str) -> int:
    """Title, then people, then any other field, then what a machine read."""
    kind = kind_of(entry.document)
    if name in kind.title:
        return 8
    asked = kind.field(name)
    return 1 if asked.by_machine else 4 if asked.type == "person" else 2


def _vocabulary(pages: list[_Page]) -> set[str]:
    """Every word of the record. It is quick to split at spaces first, and at signs each different piece only once."""
    pieces: set[str] = set()
    for page in pages:
        pieces.update(page.whole.split())
    return set(re.findall(r"[^\W\d_]+", " ".join(pieces)))


def _nearest(unknown: list[_Word], pages: list[_Page]) -> Iterator[tuple[_Word, _Word]]:
    """For each unknown word that may be a slip, the words of the record that it was probably meant to be."""
    slips = [word for word in unknown if len(word.forms[0]) >= _ONE_SLIP and word.forms[0].isalpha()]
    vocabulary = _vocabulary(pages) if slips else ()
    for word in slips:
        forms = _close_to(word.forms[0], vocabulary)
        if forms:
            in_most_first = sorted(forms, key=lambda form: -sum(form in page.whole for page in pages))
            yield word, _Word(word.typed, tuple(in_most_first))


def _close_to(word: str, vocabulary: Iterable[str]) -> list[str]:
    slips = 2 if len(word) >= _TWO_SLIPS else 1
    candidates = [other for other in vocabulary if abs(len(other) - len(word)) <= slips]
    close = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=slips, limit=None)
    least = min((distance for _, distance, _ in close), default=0)
    return sorted(other for other, distance, _ in close if distance == least)[:_MOST_MEANT]


def _as_written(form: str, pages: list[_Page]) -> str:
    """A word with its accents, as the first entry that has it writes it."""
    for page in pages:
        if form in page.whole:
            for _, text in page.texts:
                for match in words(text):
                    if fold(match.group()) == form:
                        return match.group().lower()
    return form


def _snippet(text: str, asked: tuple[_Word, ...]) -> tuple[Part, ...]:
    """The first match and what stands around it, on one line, with dots where something was left out."""
    line = " ".join(text.split())
    matches = [word.span() for word in words(line) if any(one.is_in(fold(word.group())) for one in asked)]
    begin, end = _window(line, matches[0][0] if matches else 0)
    pieces, place = [Part("… " if begin else "")], begin
    for start, stop in matches:
        if start < end:
            pieces += [Part(line[place:start]), Part(line[start : min(stop, end)], is_match=True)]
            place = min(stop, end)
    pieces += [Part(line[place:end]), Part(" …" if end < len(line) else "")]
    return tuple(piece for piece in pieces if piece.text)


def _window(line: str, match: int) -> tuple[int, int]:
    """Where to begin and end, at the edges of words: a little before the match, and more after it."""
    begin = 0 if match <= _BEFORE else min(line.find(" ", match - _BEFORE) + 1 or match, match)
    last = match + _AFTER
    end = len(line) if last >= len(line) else line.rfind(" ", match, last)
    return begin, end if end > match else last

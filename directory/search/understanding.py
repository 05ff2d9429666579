"""Reading a sentence: a place, an age and a crisis, taken out of "autism groups near Alnwick for a 7 year old".

Only what is plain is taken, it is shown as a chip, and the reader can overrule it. Everything else stays words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace

from directory.places import Place, place_key, typed_postcode_names
from directory.search.query import LONGEST, Query, Understood
from directory.search.words import terms

FindPlace = Callable[[str], Place | None]
_NEAR = r"near to|near|nearby|around|close to|by|in|at|from|within reach of"
_SURE_NEAR = re.compile(r"\b(?:near to|near|nearby|around|close to)\s+$", re.I)
_POSTCODE = re.compile(
    rf"(?:\b(?P<near>{_NEAR})\s+)?\b(?P<code>[a-z]{{1,2}}\d[a-z\d]?(?:\s*\d[a-z]{{2}}|\s+\d)?)\b(?P<end>\W*$)?", re.I
)
_NEAR_ME = re.compile(r"\b(?:near|close to|around) (?:me|us|here|by)\b|\b(?:in my area|locally)\b", re.I)
_UNIT = r"(?:years?|yrs?|y/?o|yr?s?)"
_OLD = r"[ -]?(?:olds?\b|\b)(?!\s*(?:ago|wait))"
_WHOSE = r"\b(?:for |with |my |an? |aged? )*"
_IS = r"(?:aged?|turning|turns|(?:s?he|they) ?(?:is|'s|’s|are|'re)|just turned|who(?:'s| is))"
# "post 16" and "year 9" are no ages, "under 5" is not one age.
_NOT_AFTER = "".join(f"(?<!{word})" for word in ("post", "stage", "section", "type", "trisomy", "under", "over", "up to"))
# In order: the first that fits is taken. The named group says what the number counts.
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WHOSE}(?P<years>\d{{1,2}}(?:\.5)?)[ -]?{_UNIT}{_OLD}",
        rf"{_WHOSE}(?P<months>\d{{1,2}})[ -]?(?:months?|mths?|mo){_OLD}",
        rf"\b{_IS}\s+(?P<years>\d{{1,2}})\b(?!\s*(?:weeks|days|%))",
        r"\b(?:in )?(?:school )?year (?P<school>[1-9]|1[0-3])\b(?!\s*olds?\b)",
        rf"{_NOT_AFTER}\s(?P<years>[2-9]|1\d|2[0-5])\s*$",
    )
)
_AGES_BY_WORD = {"newborn": 0.0, "baby": 0.5, "babie": 0.5, "toddler": 2.0}
_AGE_WORDS = re.compile(r"\b(newborns?|baby|babies|toddlers?)\b(?! (?:group|club|massage|gro|loss|died|death))", re.IGNORECASE)
_LONGEST_NAME = 4


def tidy(text: str) -> str:
    """Typed text made safe to read: at most 300 characters, composed letters, no control characters or halves of characters.

    >>> tidy("autism\\x00 \\ud800groups")
    'autism groups'
    """
    text = "".join(c if c.isprintable() else " " for c in text[:LONGEST] if not 0xD800 <= ord(c) <= 0xDFFF)
    return " ".join(unicodedata.normalize("NFC", text).split())


def understand(
    query: Query,
    find_place: FindPlace,
    names: frozenset[str],
    is_word: Callable[[str], bool],
    crisis: Iterable[tuple[str, ...]],
) -> Understood:
    """What we make of a question.

    `names` are all place names we know; `is_word` says that a name is an ordinary word as well ("Reading", "Rugby"): such a
    one is taken for a place only where the sentence makes it plain. `crisis` are the phrases (as search terms) that mean
    somebody may need help at once.
    """
    words = tidy(query.words)
    # Written so that no number at all ("nan") is no age either.
    age = query.age if query.age is not None and 0 <= query.age <= 130 else None
    found = Understood(words, age=age, crisis=is_crisis(words, crisis))
    if query.place.strip():
        place = find_place(query.place)
        found = replace(found, place=place, unknown_place="" if place else tidy(query.place))
    if query.age is None and "age" not in query.as_words:
        found = _take_age(found)
    if not query.place.strip() and "place" not in query.as_words:
        found = _take_place(found, find_place, names, is_word)
    return found


def is_crisis(words: str, crisis: Iterable[tuple[str, ...]]) -> bool:
    """Whether words somewhere have one of these phrases in them."""
    said = terms(words)
    rows = {said[start : start + length] for length in range(1, 5) for start in range(len(said) - length + 1)}
    return any(phrase in rows for phrase in crisis)


def _cut(found: Understood, start: int, end: int) -> str:
    return " ".join((found.words[:start] + " " + found.words[end:]).split())


def _take_age(found: Understood) -> Understood:
    found = _age_by_number(found)
    if found.age is None:
        match = _AGE_WORDS.search(found.words)
        if match:
            # The word stays: a "baby group" is found by it.
            age = _AGES_BY_WORD[match[1].lower().rstrip("s")]
            return replace(found, age=age, age_said=match[0])
    return found


def _age_by_number(found: Understood) -> Understood:
    for pattern in _AGES:
        match = pattern.search(found.words)
        if not match:
            continue
        said = match.groupdict()
        if said.get("months"):
            age = int(said["months"]) / 12
        elif said.get("school"):
            age = float(said["school"]) + 5  # children are five or six in year 1
        else:
            age = float(said["years"])
        if 0 < age <= 25:
            return replace(found, age=round(age, 2), age_said=match[0].strip(), words=_cut(found, *match.span()))
    return found


def _take_place(found: Understood, find_place: FindPlace, names: frozenset[str], is_word: Callable[[str], bool]) -> Understood:
    found = replace(found, words=" ".join(_NEAR_ME.sub(" ", found.words).split()))
    for match in _POSTCODE.finditer(found.words):
        code = match["code"]
        # "S17" is section 17 as often as Sheffield: a code of one letter and few digits must stand after "near" or at the end.
        plain = len(code) >= 4 or code[:2].isalpha() or match["near"] or match["end"] is not None
        place = find_place(code) if plain and typed_postcode_names(code) else None
        if place:
            return replace(found, place=place, place_said=code, words=_cut(found, *match.span()))
    return _take_name(found, find_place, names, is_word)


def _take_name(found: Understood, find_place: FindPlace, names: frozenset[str], is_word: Callable[[str], bool]) -> Understood:
    parts = list(re.finditer(r"[^\s,;:!?\"()]+", found.words))
    for length in range(min(_LONGEST_NAME, len(parts)), 0, -1):
        for position in range(len(parts) - length, -1, -1):
            start, end = parts[position].start(), parts[position + length - 1].end()
            said = found.words[start:end].strip(".'’")
            key = place_key(said)
            if key not in names or len(key) < 3:
                continue
            before = re.search(rf"\b(?:{_NEAR})\s+$", found.words[:start], re.I)
            ordinary = length == 1 and is_word(key)
            # "help in Reading" and "rugby near Rugby", but "help with reading".
            named = before and said[:1].isupper() and not found.words.isupper()
            if ordinary and not named and not _SURE_NEAR.search(found.words[:start]):
                continue
            place = find_place(said)
            if place:
                return replace(found, place=place, place_said=said, words=_cut(found, before.start() if before else start, end))
    return found

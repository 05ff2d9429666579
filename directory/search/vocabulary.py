"""What words mean to us: synonyms, misspellings seen often, and which category people want when they say them.

Read from the `synonym`, `category` and `need` tables; compiled by the same chain as the index (words.py).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from directory.category import Category
from directory.need import Need
from directory.search.words import Token, fold, terms, tokens

# What a word's other names count, beside the word itself.
SYNONYM_WEIGHT = 0.75
LOOSE_WEIGHT = 0.5
ONE_WAY_WEIGHT = 0.7
APART_WEIGHT = 0.5
_CODE_LENGTH = 4
_CLOSE = 7
_LONGEST_PHRASE = 6
_LIKELY = 3


@dataclass(frozen=True)
class Alternative:
    """One way to say a thing: a word, or words in a row (anywhere, when `apart`). `said` is how a person writes it."""

    terms: tuple[str, ...]
    weight: float = 1.0
    said: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Group:
    """One thing that was asked for: the words typed for it, and every way to say it, the typed one first."""

    typed: str
    alternatives: tuple[Alternative, ...]
    quoted: bool = False


@dataclass
class Vocabulary:
    """The compiled words. Keys of `_names` are search forms; a code ("OT", "fits") is known by its very letters only."""

    _names: dict[tuple[str, ...], dict[tuple[str, ...], Alternative]] = field(default_factory=dict)
    _codes: dict[str, dict[tuple[str, ...], Alternative]] = field(default_factory=dict)
    _misspelt: dict[tuple[str, ...], str] = field(default_factory=dict)
    _category_of: dict[tuple[str, ...], dict[str, float]] = field(default_factory=dict)
    surfaces: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, lines: Iterable[str], categories: Iterable[Category], needs: Iterable[Need]) -> Vocabulary:
        """Compile synonym lines (`= a, b`, `> a => b`, `~ wrong => right`) and the words of categories and needs."""
        vocabulary = cls()
        for line in lines:
            vocabulary._add_line(line)
        for need in needs:
            vocabulary._add_names([need.label, *need.words])
        vocabulary._learn_categories(list(categories))
        return vocabulary

    # -- compiling

    def _add_line(self, line: str) -> None:
        kind, _, rest = line.partition(" ")
        if kind == "=":
            self._add_names(rest.split(","))
        elif kind == ">" and "=>" in rest:
            said, _, shown = rest.partition("=>")
            targets = [name.strip() for name in shown.split(",") if name.strip()]
            for name in said.split(","):
                self._add(name.strip(), targets, ONE_WAY_WEIGHT)
            self._see(shown.split(","))
        elif kind == "~" and "=>" in rest:
            wrong, _, right = rest.partition("=>")
            self._misspelt[tuple(fold(wrong).split())] = right.strip()
            self._see([right])

    def _add_names(self, names: Iterable[str]) -> None:
        group = [name.strip() for name in names if name.strip()]
        # In a long list the names only have to do with one another (ramp, stairlift, hoist); in a short one they mean the same.
        weight = SYNONYM_WEIGHT if len(group) <= _CLOSE else LOOSE_WEIGHT
        for name in group:
            self._add(name, [other for other in group if other != name], weight)
        self._see(group)

    def _add(self, name: str, others: list[str], weight: float) -> None:
        found = list(tokens(name))
        if not found:
            return
        key = tuple(token.term for token in found)
        # "fits" (seizures) must not be found in "keep fit", nor "add" in "adding": a short single word is a code.
        if len(found) == 1 and len(found[0].surface) <= _CODE_LENGTH:
            meanings = self._codes.setdefault(found[0].surface, {})
        else:
            meanings = self._names.setdefault(key, {})
        for other in others:
            other_terms = terms(other)
            if other_terms and other_terms != key:
                meanings.setdefault(other_terms, Alternative(other_terms, weight, other))

    def _see(self, names: Iterable[str]) -> None:
        for name in names:
            self.surfaces.update(token.surface for token in tokens(name))

    def _learn_categories(self, categories: list[Category]) -> None:
        """Count for each word and phrase how strongly it speaks for each category."""
        counts: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for category in categories:
            said = [(category.label, 3.0), *((example, 2.0) for example in category.examples)]
            said += [(word, 1.5) for word in category.words]
            for phrase, weight in said:
                key = terms(phrase)
                if len(key) > 1:
                    counts[key][category.slug] += weight * len(key)
                for term in set(key):
                    counts[(term,)][category.slug] += weight / len(set(key))
            self._see([category.label, *category.examples, *category.words])
        for key, by_category in counts.items():
            # A word that many categories share says little about which one is wanted.
            rarity = math.log(1 + len(categories) / len(by_category))
            self._category_of[key] = {slug: rarity * (weight / (weight + 1.5)) * (len(key) ** 1.2)
                                      for slug, weight in by_category.items()}  # fmt: skip

    # -- asking

    def respell(self, text_tokens: Sequence[Token]) -> tuple[list[Token], list[tuple[str, str]]]:
        """The tokens with misspellings seen often put right, and what was changed as (typed, meant)."""
        out: list[Token] = []
        changed: list[tuple[str, str]] = []
        position = 0
        while position < len(text_tokens):
            for length in (2, 1):
                key = tuple(token.surface for token in text_tokens[position : position + length])
                if len(key) == length and key in self._misspelt:
                    right = self._misspelt[key]
                    first, last = text_tokens[position], text_tokens[position + length - 1]
                    out += [token._replace(start=first.start, end=last.end) for token in tokens(right)]
                    changed.append((" ".join(key), right))
                    position += length
                    break
            else:
                out.append(text_tokens[position])
                position += 1
        return out, changed

    def knows(self, surface: str) -> bool:
        """Whether a word stands in our lists as it is."""
        return surface in self.surfaces

    def group(self, found: Sequence[Token]) -> list[Group]:
        """The words as groups, the longest name we know first."""
        groups: list[Group] = []
        position = 0
        while position < len(found):
            length, meanings = self._longest_name(found, position)
            part = found[position : position + length]
            key = tuple(token.term for token in part)
            typed = " ".join(token.surface for token in part)
            own = [Alternative(key, 1.0, typed)]
            if length > 1 and len(set(key)) > 1:
                # "speech therapist" typed: "speech ... therapist" apart is still a fair match.
                own.append(Alternative(key, APART_WEIGHT, typed, apart=True))
            groups.append(Group(typed, (*own, *meanings.values())))
            position += length
        return groups

    def _longest_name(self, found: Sequence[Token], position: int) -> tuple[int, dict[tuple[str, ...], Alternative]]:
        for length in range(min(_LONGEST_PHRASE, len(found) - position), 1, -1):
            key = tuple(token.term for token in found[position : position + length])
            if key in self._names:
                return length, self._names[key]
        token = found[position]
        single = self._codes.get(token.surface, {}) | self._names.get((token.term,), {})
        return 1, single

    def likely_categories(self, found: Sequence[Token], groups: Sequence[Group]) -> dict[str, float]:
        """The categories a question is most likely about, as slug to confidence (the best is at most 1), best first."""
        scores: dict[str, float] = defaultdict(float)
        said = [token.term for token in found]
        for length in range(1, min(_LONGEST_PHRASE, len(said)) + 1):
            for start in range(len(said) - length + 1):
                for slug, weight in self._category_of.get(tuple(said[start : start + length]), {}).items():
                    scores[slug] += weight
        for group in groups:
            best: dict[str, float] = defaultdict(float)
            for alternative in group.alternatives[1:]:
                for slug, weight in self._category_of.get(alternative.terms, {}).items():
                    best[slug] = max(best[slug], weight * alternative.weight * 0.5)
            for slug, weight in best.items():
                scores[slug] += weight
        if not scores:
            return {}
        top = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:_LIKELY]
        # One weak word must not carry a whole category to the top: confidence grows with the evidence.
        sure = top[0][1] / (top[0][1] + 3.0)
        return {slug: sure * score / top[0][1] for slug, score in top}

"""The people a local area should have: which roles there are, in which nations, and what they are called there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role somebody holds. Without `nations` it is one of the whole United Kingdom; `expected` is one every area should have.

    `agency` is whose it mostly is: health, education, social_care, voluntary or other. `words` are other words for it.
    """

    slug: str
    label: str
    nations: tuple[str, ...] = ()
    agency: str = "other"
    words: str = ""
    is_expected: bool = False

    def is_of(self, nation: str) -> bool:
        """Whether there is such a role in a nation."""
        return not self.nations or nation in self.nations


@dataclass(frozen=True)
class Area:
    """A council that answers for children with special needs, by its code."""

    code: str
    name: str
    nation: str


@dataclass(frozen=True)
class Gap:
    """A role with nobody in it, in one area."""

    area: Area
    role: Role


def roles_of(rows: Iterable[Mapping[str, str]]) -> dict[str, Role]:
    """The roles out of the rows of their table, in its order.

    >>> roles_of([{"slug": "a", "label": "A", "nations": "Wales", "agency": "", "words": "", "expected": ""}])["a"].nations
    ('Wales',)
    """
    return {
        row["slug"]: Role(
            row["slug"],
            row["label"],
            tuple(nation for nation in row["nations"].split(";") if nation),
            row["agency"],
            row["words"],
            row["expected"] == "yes",
        )
        for row in rows
    }


def gaps(roles: Iterable[Role], areas: Iterable[Area], held: set[tuple[str, str]]) -> list[Gap]:
    """The expected roles that nobody holds. `held`: area's code and role's slug; without a code it is held for every area.

    >>> eng, role = Area("E1", "Here", "England"), Role("r", "R", is_expected=True)
    >>> len(gaps([role], [eng], set())), len(gaps([role], [eng], {("E1", "r")})), len(gaps([role], [eng], {("", "r")}))
    (1, 0, 0)
    """
    every = [role for role in roles if role.is_expected]
    return [
        Gap(area, role)
        for area in areas
        for role in every
        if role.is_of(area.nation) and not {(area.code, role.slug), ("", role.slug)} & held
    ]

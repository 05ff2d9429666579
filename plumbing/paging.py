"""Pages of a long list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paging:
    """Where we are in a list of `total` things shown `size` at a time; `page` counts from 1 and is always in range."""

    total: int
    size: int
    page: int

    @classmethod
    def of(cls, total: int, size: int, page: int) -> Paging:
        """Paging with a page number from an address brought into range."""
        last = max(1, -(-total // size))
        return cls(total, size, min(max(1, page), last))

    @property
    def last(self) -> int:
        """The number of the last page: 1 for an empty list."""
        return max(1, -(-self.total // self.size))

    @property
    def first_shown(self) -> int:
        """The place in the list of the first thing on this page, from 1; 0 for an empty list."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last_shown(self) -> int:
        """The place in the list of the last thing on this page."""
        return min(self.total, self.page * self.size)

    @property
    def previous(self) -> int | None:
        """The page before, or None on the first."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, or None on the last."""
        return self.page + 1 if self.page < self.last else None

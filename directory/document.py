"""A listing as plain data that JSON can hold, and back, with nothing lost: what history, drafts and forms keep."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from directory.service import Service

# What stands in JSON as it is.
_AS_IT_IS = frozenset({str, int, float, bool, type(None)})


def to_document(service: Service) -> dict[str, Any]:
    """Every field of a listing and of what hangs on it; tuples as lists, days as ISO text."""
    return {name: _plain(getattr(service, name)) for name in _names(Service)}


def from_document(document: dict[str, Any]) -> Service:
    """The listing again. A field that is new since has its usual value; one that we no longer know is passed over."""
    service: Service = _reader(Service)(document)
    return service


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is tuple:
        return [_plain(item) for item in value]
    if kind is datetime.date:
        return value.isoformat()
    if dataclasses.is_dataclass(kind):
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _reader(kind: type) -> Callable[[dict[str, Any]], Any]:
    """How a fact is made of plain data: worked out once, for an import reads thousands of listings with dozens of facts each."""
    readers = {name: _reader_of(hint) for name, hint in get_type_hints(kind).items()}

    def read(values: dict[str, Any]) -> Any:
        known = {}
        for name, value in values.items():
            if name in readers:
                back = readers[name]
                known[name] = value if back is None or value is None else back(value)
        return kind(**known)

    return read


def _reader_of(hint: Any) -> Callable[[Any], Any] | None:
    """How a value of this type is made of plain data; None where it is the same."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple:
        back = _reader_of(get_args(hint)[0])
        return tuple if back is None else lambda items: tuple(map(back, items))
    if dataclasses.is_dataclass(hint):
        return _reader(hint)  # type: ignore[arg-type]
    return datetime.date.fromisoformat if hint is datetime.date else None

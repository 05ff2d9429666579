"""A listing as plain data that JSON can hold, and back, with nothing lost: what history, drafts and forms keep."""

from __future__ import annotations

import dataclasses
import datetime
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from directory.service import Service


def to_document(service: Service) -> dict[str, Any]:
    """Every field of a listing and of what hangs on it; tuples as lists, days as ISO text."""
    return {field.name: _plain(getattr(service, field.name)) for field in dataclasses.fields(service)}


def from_document(document: dict[str, Any]) -> Service:
    """The listing again. A field that is new since has its usual value; one that we no longer know is passed over."""
    return _fact(Service, document)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def _fact(kind: Any, values: dict[str, Any]) -> Any:
    types = _types(kind)
    return kind(**{name: _back(types[name], value) for name, value in values.items() if name in types})


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _back(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) in (Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        return tuple(_back(get_args(kind)[0], item) for item in value)
    if dataclasses.is_dataclass(kind):
        return _fact(kind, value)
    return datetime.date.fromisoformat(value) if kind is datetime.date else value

"""A kind's form: its fields as the macros of templates/components/form.html want them. Nothing in it is compulsory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from records import wording
from records.kinds import KINDS, Document, as_typed, clean, is_empty

_INPUT = {"phone": "tel", "email": "email"}
_NOT_TYPED = {"once", "csrf_token"}


@dataclass(frozen=True)
class Words:
    """A label."""

    text: str


@dataclass(frozen=True)
class Option:
    """One choice."""

    id: str
    data: str
    label: Words
    checked: bool


@dataclass
class FormField:
    """One field, with what was typed into it and what is unclear in that."""

    name: str
    type: str
    label: Words
    hint: str
    data: str
    errors: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"field-{self.name}"

    @property
    def input(self) -> str:
        """The keyboard a phone should show."""
        return _INPUT.get(self.type, "text")

    def __iter__(self) -> Iterator[Option]:
        for number, (value, words) in enumerate(self.options):
            yield Option(f"{self.id}-{number}", value, Words(words), value == self.data)


@dataclass
class EntryForm:
    """A form over one kind, filled with `typed`."""

    kind: str
    fields: list[FormField]
    document: Document
    is_empty: bool = False

    @property
    def errors(self) -> list[str]:
        """Everything that is unclear."""
        return [error for one in self.fields for error in one.errors]

    def __iter__(self) -> Iterator[FormField]:
        return iter(self.fields)


def show(kind: str, typed: Mapping[str, str]) -> EntryForm:
    """The form as it stands before anybody pressed anything."""
    return EntryForm(kind, [_field(kind, one.name, typed) for one in KINDS[kind].asked], {})


def filled(kind: str, document: Document) -> EntryForm:
    """The form over what is kept, with days and times as people write them."""
    as_kept = as_typed(document)
    moments = [one.name for one in KINDS[kind].asked if one.type in {"date", "time"} and one.name in as_kept]
    return show(kind, as_kept | {name: wording.value_in_words(kind, name, as_kept[name]) for name in moments})


def read(kind: str, typed: Mapping[str, str], before: Document | None = None) -> EntryForm:
    """The form as it was sent: `document` is what it makes, the fields carry what is unclear.

    What is hidden in the entry as it was stays as it was, and what is new has nothing hidden: no form can tell it otherwise.
    """
    asked = {one.name for one in KINDS[kind].asked}
    told = {name: words for name, words in typed.items() if name in asked}
    document, problems = clean(kind, {**told, **_hidden(kind, before)} if before else told, before)
    form = show(kind, typed)
    form.document, form.is_empty = document, not problems and is_empty(document)
    for one in form.fields:
        if one.name in problems:
            one.errors.append(wording.problem(kind, one.name, problems[one.name]))
    if form.is_empty:
        form.fields[0].errors.append(wording.nothing_written(kind))
    return form


def as_sent(typed: MultiDict[str, str]) -> tuple[str, ...]:
    """All that was typed, for `once_id`: sent twice, a form means one thing; changed and sent again, it means another.

    >>> as_sent(MultiDict([("once", "f00d"), ("says", "no"), ("csrf_token", "x")]))
    ('says=no',)
    """
    return tuple(f"{name}={one}" for name, words in sorted(typed.lists()) if name not in _NOT_TYPED for one in words)


def _hidden(kind: str, before: Document) -> dict[str, str]:
    as_kept = as_typed(before)
    return {one.name: as_kept.get(one.name, "") for one in KINDS[kind].fields if one.hidden}


def _field(kind: str, name: str, typed: Mapping[str, str]) -> FormField:
    known = KINDS[kind].field(name)
    type_ = {"choice": "RadioField", "yes_no": "RadioField"}.get(known.type, known.type)
    options = wording.choices(kind, name) if known.type == "choice" else []
    if known.type == "yes_no":
        options = [("yes", wording.value_in_words(kind, name, True)), ("no", wording.value_in_words(kind, name, False))]
    label, hint = wording.label(kind, name), wording.hint(kind, name)
    return FormField(name, type_, Words(label), hint, str(typed.get(name) or ""), options=options)


def based_on(typed: Mapping[str, str]) -> int:
    """The version that a form was filled in from; a form without one was tampered with, and is based on nothing.

    >>> based_on({"version": "3"}), based_on({"version": "0"}), based_on({"version": "²"}), based_on({})
    (3, -1, -1, -1)
    """
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) else -1

"""Designated contacts as a spreadsheet: out, and in again with open eyes. No program that opens it runs what a cell says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from directory.cells import harmless, meant
from directory.contact_role import Area, Role
from directory.designated_contact import WRITTEN, DesignatedContact, changed

# In English, like the columns of our other spreadsheets.
COLUMNS = {
    "name": "Name",
    "role": "Role",
    "role_words": "Role in other words",
    "agency": "Agency",
    "area": "Area",
    "about": "Ring about",
    "phone": "Phone",
    "email": "Email",
    "best_times": "Best times",
    "cover_name": "Cover",
    "cover_phone": "Phone of the cover",
    "leaving_on": "Last day",
    "notes": "Notes",
    "for_families": "May be given to families",
}
ID, CHECKED = "ID", "Last checked"
MOST_ROWS = 500


class UnreadableError(Exception):
    """The file is no table of contacts; `reason`: letters, columns or long."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Line:
    """A row as it was read: `kind` is new, changed, same or refused; `problems` say why it was refused."""

    number: int
    kind: str
    written: Mapping[str, str]
    contact_id: str = ""
    changes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def write(contacts: list[DesignatedContact], roles: Mapping[str, Role], areas: Mapping[str, Area]) -> str:
    """The contacts, one row each. A role and an area are written by their names."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([ID, *COLUMNS.values(), CHECKED])
    for contact in contacts:
        values = contact.written
        values["role"] = roles[contact.role].label if contact.role in roles else contact.role
        values["area"] = areas[contact.area].name if contact.area in areas else ""
        checked = contact.check.checked_on.isoformat() if contact.check else ""
        writer.writerow([harmless(words) for words in (contact.id, *(values[name] for name in COLUMNS), checked)])
    return text.getvalue()


def read(
    data: bytes,
    known: Mapping[str, DesignatedContact],
    roles: Mapping[str, Role],
    check: Callable[[dict[str, str]], tuple[dict[str, str], list[str]]],
) -> list[Line]:
    """The rows of a file, compared with whom we have. Raises UnreadableError.

    `check` says how a row would be kept, and what is wrong with it. A row is about somebody we have by its ID, never by its name:
    two people may have one name. "Last checked" is not taken over: a spreadsheet is no check.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("letters") from None
    try:
        table = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(cell.strip() for cell in row)]
    except csv.Error:
        raise UnreadableError("columns") from None
    heads = {head.strip().casefold(): place for place, head in enumerate(table[0])} if table else {}
    if "name" not in heads:
        raise UnreadableError("columns")
    if len(table) - 1 > MOST_ROWS:
        raise UnreadableError("long")
    labels = {fold: slug for slug, role in roles.items() for fold in (role.label.casefold(), slug)}
    lines: list[Line] = []
    for number, row in enumerate(table[1:], 2):

        def cell(column: str, row: list[str] = row) -> str:
            place = heads.get(column.casefold(), -1)
            return meant(row[place].strip()) if 0 <= place < len(row) else ""

        lines.append(_line(number, cell, known, labels, check, heads.keys(), {one.contact_id for one in lines}))
    return lines


def _line(
    number: int,
    cell: Callable[[str], str],
    known: Mapping[str, DesignatedContact],
    labels: Mapping[str, str],
    check: Callable[[dict[str, str]], tuple[dict[str, str], list[str]]],
    heads: Collection[str],
    seen: set[str],
) -> Line:
    contact = known.get(cell(ID))
    # A column that is not there changes nothing.
    written = dict(contact.written) if contact else dict.fromkeys(WRITTEN, "")
    written |= {name: cell(column) for name, column in COLUMNS.items() if column.casefold() in heads}
    role = written["role"]
    if role and role.casefold() in labels:
        written["role"] = labels[role.casefold()]
    elif role:
        written |= {"role": "", "role_words": written["role_words"] or role}
    written["for_families"] = "yes" if written["for_families"].casefold() in {"yes", "y", "true", "1"} else ""
    kept, problems = check(written)
    if cell(ID) and contact is None:
        problems = [*problems, ID]
    if contact and contact.id in seen:
        problems = [*problems, "twice"]
    if problems:
        return Line(number, "refused", written, contact.id if contact else "", problems=tuple(problems))
    if contact is None:
        return Line(number, "new", kept)
    changes = tuple(changed(contact.written, kept))
    return Line(number, "changed" if changes else "same", kept, contact.id, changes)

"""Health and needs. A medicine or an allergy carries the day it was checked and by whom: an old list is a dangerous one."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

DIAGNOSIS = Kind(
    name="diagnosis",
    # "When" is a line: families remember "when she was three", not a day.
    fields=(Field("name"), Field("since"), Field("given_by", "person"), Field("words", "text")),
    title=("name",),
    summary=("since", "given_by"),
)

MEDICINE = Kind(
    name="medicine",
    fields=(
        Field("name"),
        Field("dose"),
        Field("taken"),
        Field("for_what"),
        Field("words", "text"),
        Field("checked_on", "date"),
        Field("checked_by", "person"),
    ),
    title=("name",),
    summary=("dose", "taken"),
)

ALLERGY = Kind(
    name="allergy",
    fields=(
        Field("name"),
        Field("what_happens", "text"),
        Field("what_to_do", "text"),
        Field("checked_on", "date"),
        Field("checked_by", "person"),
    ),
    title=("name",),
    summary=("what_happens",),
)

EQUIPMENT = Kind(
    name="equipment",
    fields=(
        Field("name"),
        Field("for_what"),
        Field("from_whom", "person"),
        Field("phone", "phone"),
        Field("words", "text"),
        Field("next_check", "date"),
    ),
    title=("name",),
    summary=("for_what", "from_whom"),
    due="next_check",
)

EMERGENCY = Kind(
    name="emergency",
    fields=(
        Field("name"),
        Field("what_happens", "text"),
        Field("what_to_do", "text"),
        Field("who_to_ring", "lines"),
        Field("hospital"),
    ),
    title=("name",),
    summary=("what_happens", "what_to_do"),
)

HEALTH_NOTE = Kind(
    name="health_note",
    fields=(Field("title"), Field("date", "date"), Field("words", "text")),
    title=("title",),
    summary=("words",),
    when="date",
)

HEALTH_KINDS = (DIAGNOSIS, MEDICINE, ALLERGY, EQUIPMENT, EMERGENCY, HEALTH_NOTE)

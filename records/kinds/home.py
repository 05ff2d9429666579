"""Our home: the only place where a family's addresses are, so that sharing anything else gives none away."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

HOUSEHOLD = Kind(
    name="household",
    fields=(Field("who_lives_here", "lines"), Field("who_decides", "lines"), Field("words", "text")),
    title=(),
    summary=("who_lives_here",),
)

ADDRESS = Kind(
    name="address",
    fields=(
        Field("whose"),
        Field("address", "text"),
        Field("phone", "phone"),
        Field("since", "date"),
        Field("until", "date"),
        Field("words", "text"),
    ),
    title=("whose",),
    summary=("address",),
)

SCHOOL = Kind(
    name="school",
    fields=(
        Field("name"),
        Field("class_name"),
        Field("contact", "person"),
        Field("phone", "phone"),
        Field("email", "email"),
        Field("address", "text"),
        Field("since", "date"),
        Field("until", "date"),
        Field("words", "text"),
    ),
    title=("name",),
    summary=("class_name", "contact"),
)

GP = Kind(
    name="gp",
    fields=(
        Field("practice"),
        Field("doctor", "person"),
        Field("phone", "phone"),
        Field("address", "text"),
        Field("nhs_number"),
        Field("words", "text"),
    ),
    title=("practice", "doctor"),
    summary=("doctor", "phone"),
)

LANGUAGE = Kind(
    name="language",
    fields=(Field("spoken", "lines"), Field("signing"), Field("interpreter", "yes_no"), Field("words", "text")),
    title=(),
    summary=("spoken", "signing"),
)

WHERE_NOW = Kind(
    name="where_now",
    fields=(
        Field("place"),
        Field("since", "date"),
        Field("until", "date"),
        Field("phone", "phone"),
        Field("words", "text"),
    ),
    title=("place",),
    summary=("words",),
    when="since",
)

HOME_KINDS = (HOUSEHOLD, ADDRESS, SCHOOL, GP, LANGUAGE, WHERE_NOW)

"""Somebody who helps us, now or before: in their own right, or saved from the directory as it was that day."""

from __future__ import annotations

from records.kinds.field import Field
from records.kinds.kind import Kind

AGENCIES = ("health", "education", "social_care", "voluntary", "family", "other")

PERSON = Kind(
    name="person",
    fields=(
        Field("name"),
        Field("role"),
        Field("agency", "choice", AGENCIES),
        Field("phone", "phone"),
        Field("mobile", "phone"),
        Field("email", "email"),
        Field("address", "text"),
        Field("best_times"),
        # Which assessments they hold, and where: what families are asked for again and again.
        Field("keeps", "text"),
        Field("since", "date"),
        # Given, they helped us once.
        Field("until", "date"),
        Field("service_id", hidden=True),
        Field("service_title", hidden=True),
        Field("saved_on", "date", hidden=True),
        # Where staff copied somebody from, and how sure they were of it that day.
        Field("copied_from", hidden=True),
    ),
    title=("name", "service_title", "role"),
    summary=("role", "keeps"),
)

"""Listings in and out of `directory.db`. Every list comes in an order that stays the same.

Writing is done inside a caller's `db.atomic()`, so that a job is all or nothing; each change leaves the service's id in
`search_outbox` within the same transaction, so that the search index can never miss one.
"""

from directory.store.outbox import bump, revision, told, untold
from directory.store.reading import (
    all_service_ids,
    any_hidden,
    counts_by_source,
    get_organizations,
    get_services,
    get_shown_services,
    has_source,
    has_source_id,
    id_of_source,
    imported_digests,
    services_of_organization,
    shown,
    sources_of,
)
from directory.store.reports import add_report, list_reports
from directory.store.writing import (
    add_check,
    ensure_source,
    remove_source,
    remove_unused_locations,
    save_location,
    save_organization,
    save_service,
)

__all__ = [
    "add_check",
    "add_report",
    "all_service_ids",
    "any_hidden",
    "bump",
    "counts_by_source",
    "ensure_source",
    "get_organizations",
    "get_services",
    "get_shown_services",
    "has_source",
    "has_source_id",
    "id_of_source",
    "imported_digests",
    "list_reports",
    "remove_source",
    "remove_unused_locations",
    "revision",
    "save_location",
    "save_organization",
    "save_service",
    "services_of_organization",
    "shown",
    "sources_of",
    "told",
    "untold",
]

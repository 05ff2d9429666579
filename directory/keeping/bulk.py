"""One change to many listings: looked at first, done as one job, undone as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from directory import store
from directory.differences import Difference, Names, differences
from directory.identity import fresh_id
from directory.keeping import drafting, editing
from directory.keeping.drafting import Writer
from directory.organization import Organization
from directory.service import Service, ServiceArea
from plumbing.ids import new_id

RETIRE, BRING_BACK, ADD_CATEGORY, TAKE_CATEGORY, AREA, ORGANIZATION = (
    *("retire", "bring_back", "add_category", "take_category", "area", "organization"),
)
ACTIONS = (RETIRE, BRING_BACK, ADD_CATEGORY, TAKE_CATEGORY, AREA, ORGANIZATION)


@dataclass(frozen=True)
class Planned:
    """What would become of one listing; `differences` is empty where nothing would."""

    service: Service
    after: Service
    differences: tuple[Difference, ...]


def _after(db: Database, service: Service, action: str, value: str, organization: Organization | None) -> Service:
    match action:
        case "retire":
            return replace(service, hidden="retired")
        case "bring_back":
            status = service.status if service.status in {"active", "temporarily closed"} else "active"
            return replace(service, hidden="", status=status)
        case "add_category":
            return replace(service, categories=tuple(dict.fromkeys([*service.categories, value])))
        case "take_category":
            left = tuple(slug for slug in service.categories if slug != value)
            # A listing without any kind of help could not be found by browsing: its last one stays.
            return replace(service, categories=left) if left else service
        case "area":
            kept = next((area for area in service.service_areas if area.name == value), ServiceArea(value))
            return replace(service, service_areas=(kept,))
        case "organization":
            return replace(service, organization=organization)
    raise ValueError("no such action")


def plan(db: Database, ids: Sequence[str], action: str, value: str, names: Names) -> list[Planned]:
    """What would change, listing by listing. Raises ValueError for an action that we do not have."""
    organization = None
    if action == ORGANIZATION:
        known = store.organization_named(db, value)
        organization = store.get_organizations(db, [known])[known] if known else Organization(fresh_id(), value)
    planned = []
    for service in store.get_services(db, ids):
        after = _after(db, service, action, value, organization)
        planned.append(Planned(service, after, tuple(differences(service, after, names))))
    return planned


def carry_out(db: Database, planned: Sequence[Planned], writer: Writer, why: str, approval: bool) -> str:
    """Do it as one job, whose name is returned to undo it by; empty where it waits for approval."""
    job = new_id()
    with editing.as_one(db):
        for one in planned:
            if one.differences:
                drafting.change(db, one.after, writer, why, job, approval=approval)
    return "" if approval else job

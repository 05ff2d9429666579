"""What lies on the desk of `make demo`: checks, reports, a twin, edits, an import and leaflets. Only where everybody is invented.

Listings of real organisations are left as they are: nobody has rung them, and a demonstration does not say so either.
"""

from __future__ import annotations

import datetime
import tomllib
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from directory import store
from directory.check import Check
from directory.contact import Phone
from directory.draft import WAITING, Draft
from directory.identity import stable_id
from directory.keeping import checking, editing, imports, leaflets, twins
from directory.keeping.imports import Workshop
from directory.leaflet import Leaflet
from directory.organization import Organization
from directory.report import Report, new_reference
from directory.service import DEMONSTRATION, Service
from directory.setup import REFERENCE
from directory.store import checks, drafts, reports, web_links
from directory.unmet_need import month_of
from plumbing import clock
from plumbing.dates import months_after
from plumbing.db import at_once
from plumbing.ids import new_id

DESK = REFERENCE / "demonstration" / "desk.toml"
_WHO = "Beth Rowell"
# Checked this many days ago, and up to so many more: in time by every clock, and not all due on one day.
_LATELY, _SPREAD, _SPREAD_SAFETY = 4, 160, 75
_HOW = ("phoned", "phoned", "emailed", "website")


@dataclass(frozen=True)
class _Desk:
    """The desk being laid: the directory, and the invented listings by name."""

    db: Database
    services: dict[str, Service]


def fill(db: Database, shop: Workshop, path: Path = DESK) -> bool:
    """Lay the desk; False where somebody works at it already, or the invented listings were taken out."""
    found = [one for one in store.get_services(db, store.all_service_ids(db)) if one.source == DEMONSTRATION]
    if not found or any(one.check and one.check.how != "publisher" for one in found):
        return False
    said, desk = tomllib.loads(path.read_text("utf-8")), _Desk(db, {service.name: service for service in found})
    _import(desk, shop, said["import"])
    for one in said["leaflet"]:
        _leaflet(desk, one)
    for one in said["change"]:
        _change(desk, one)
    for one in said["report"]:
        _report(desk, one)
    _twin(desk, said["twin"])
    _broken_link(desk, said["broken_link"])
    # Last, since it says that all of this is there.
    _checks(desk, said)
    return True


def _checks(desk: _Desk, said: dict[str, Any]) -> None:
    today, known, never = clock.today(), said["last_checked"], said["never"]["checked"]
    _all_known(desk, [*known, *never])
    with at_once(desk.db):
        for one in checks.standings(desk.db, today, [service.id for service in desk.services.values()]):
            if one.name in never:
                desk.db.execute("DELETE FROM service_check WHERE service_id = ?", [one.service_id])
                continue
            chance = zlib.crc32(one.service_id.encode())
            ago = known.get(one.name, _LATELY + chance % (_SPREAD_SAFETY if one.is_safety else _SPREAD))
            day = today - datetime.timedelta(days=ago)
            # The publisher's own word, where it is newer, would make this one look forgotten.
            desk.db.execute(
                "DELETE FROM service_check WHERE service_id = ? AND checked_on > ?", [one.service_id, day.isoformat()]
            )
            made = Check(day, _HOW[chance % len(_HOW)], _WHO, "true", checking.clocks().next_due(day, one.is_safety))
            made_at = clock.now() - datetime.timedelta(days=ago, minutes=chance % 300)
            checks.write_check(desk.db, one.service_id, made, job=new_id(), made_at=made_at)
        earlier = list(zip(said["months"]["in_time"], said["months"]["listings"], strict=True))
        for number, (in_time, listings) in enumerate(earlier):
            checks.keep_month(desk.db, month_of(months_after(today, number - len(earlier))), in_time, listings)
        store.bump(desk.db)


def _all_known(desk: _Desk, names: list[str]) -> None:
    missing = [name for name in names if name not in desk.services]
    if missing:
        raise ValueError(f"the demonstration's desk speaks of listings that are not there: {', '.join(missing)}")


def _report(desk: _Desk, one: dict[str, Any]) -> None:
    received = clock.now() - datetime.timedelta(hours=one["hours_ago"])
    reference = new_reference()
    number = store.add_report(
        desk.db, Report(desk.services[one["service"]].id, one["topic"], one["words"], "", received, reference=reference)
    )
    if "answer" in one:
        answered = clock.now() - datetime.timedelta(hours=one["answered"])
        with at_once(desk.db):
            reports.set_report_status(desk.db, number, one["outcome"], _WHO, answered, one["answer"])


def _twin(desk: _Desk, one: dict[str, str]) -> None:
    first = desk.services[one["of"]]
    # Under the source of everything invented: so it is marked, and is taken out with the rest.
    twin = replace(
        first,
        id=stable_id(DEMONSTRATION, "service", one["name"]),
        name=one["name"],
        organization=Organization(stable_id(DEMONSTRATION, "organization", one["organization"]), one["organization"]),
        description=one["description"],
        opening_hours=one["opening_hours"],
        schedules=(),
        contacts=(),
        cost_options=(),
        languages=(),
        service_areas=(),
        attributes=(),
        phones=(Phone(one["phone"]),),
        source_id="",
        check=None,
    )
    editing.save(desk.db, twin, _WHO, "new")
    twins.find(desk.db)


def _broken_link(desk: _Desk, one: dict[str, str]) -> None:
    url = desk.services[one["service"]].url
    with at_once(desk.db):
        for days in range(web_links.BROKEN_DAYS, 0, -1):
            web_links.note_failure(desk.db, url, clock.now() - datetime.timedelta(days=days), one["reason"], counts=True)


def _change(desk: _Desk, one: dict[str, Any]) -> None:
    base = desk.services[one["service"]]
    new = {name: one[name] for name in ("opening_hours", "wait_time") if name in one}
    version = store.version(desk.db, base.id)
    draft = Draft(new_id(), replace(base, **new), base, version, one["author_id"], one["author"], WAITING, one["why"])
    with clock.moved(days=-one["hours_ago"] / 24):
        drafts.save_draft(desk.db, draft)


def _import(desk: _Desk, shop: Workshop, one: dict[str, Any]) -> None:
    with clock.moved(days=-one["days_ago"]):
        job = _send(desk, shop, one, one["before"])
        imports.ask(desk.db, job, "applying", if_="ready")
        imports.work(desk.db, shop)
    _send(desk, shop, one, one["now"])


def _send(desk: _Desk, shop: Workshop, one: dict[str, Any], text: str) -> str:
    """Send a file as the page does; returns the import's id, with its preview made."""
    job = new_id()
    shop.of(job).mkdir(mode=0o700, parents=True)
    (shop.of(job) / one["name"]).write_text(text.lstrip(), "utf-8")
    imports.begin(desk.db, _WHO, one["name"], source=one["source"], job=job)
    imports.work(desk.db, shop)
    return job


def _leaflet(desk: _Desk, one: dict[str, Any]) -> None:
    _all_known(desk, one["services"])
    after = months_after(clock.today(), one["months"])
    ids = tuple(desk.services[name].id for name in one["services"])
    kept = leaflets.save(desk.db, Leaflet(new_id(), "", one["title"], one["introduction"], after=after, service_ids=ids), _WHO)
    if one["published"]:
        leaflets.set_status(desk.db, kept.id, "published", _WHO)

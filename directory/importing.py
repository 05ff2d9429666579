"""The job of importing: read somebody's listings, and put them into the directory all together or not at all."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlite_utils import Database

from directory import gazetteer, reference, store
from directory.check import Check
from directory.importers import Raw, Remark, UnreadableError, hsds_csv, openreferral, spreadsheet
from directory.importers.cleaning import clean_line
from directory.importers.publisher import OUR_SOURCES, Publisher, RefusedError
from directory.importers.translate import translate
from directory.places import Place
from directory.service import Service
from plumbing import clock
from plumbing.dates import parse_date

FORMATS: dict[str, ModuleType] = {"hsds-csv": hsds_csv, "openreferral": openreferral, "spreadsheet": spreadsheet}
Progress = Callable[[int, int], None]


class SourceNameError(UnreadableError):
    """The listings could be read, but not kept under the name `source`."""

    def __init__(self, words: str, source: str) -> None:
        super().__init__(words)
        self.source = source


@dataclasses.dataclass
class ImportResult:
    """What an import did: how many services, and every refusal and remark with its row and reason in words."""

    source: str
    format: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Remark] = dataclasses.field(default_factory=list)
    remarks: list[Remark] = dataclasses.field(default_factory=list)

    @property
    def taken(self) -> int:
        """How many services are in the directory because of this import, new or not."""
        return self.added + self.changed + self.unchanged


def detect_format(path: str) -> str:
    """Which importer fits. Raises UnreadableError, in words, where none does."""
    _must_exist(path)
    for name, importer in FORMATS.items():
        if importer.recognises(path):
            return name
    raise UnreadableError(f"{path} is neither Open Referral JSON, nor a folder of HSDS CSV files, nor a CSV spreadsheet.")


def _must_exist(path: str) -> None:
    try:
        there = openreferral.is_address(path) or Path(path).exists()
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        raise UnreadableError(f"There is no file or folder {path[:300]}.")


def read_listings(path: str, format_: str = "auto") -> tuple[str, list[Raw | Remark]]:
    """The format and all that an importer read. Raises UnreadableError, in words."""
    name = detect_format(path) if format_ == "auto" else format_
    _must_exist(path)
    try:
        return name, list(FORMATS[name].read(path))
    except OSError as error:
        raise UnreadableError(f"{path} could not be read: {error.strerror or error}.") from None


def import_listings(
    db: Database,
    path: str,
    *,
    format_: str = "auto",
    source: str = "",
    progress: Progress | None = None,
) -> ImportResult:
    """Import everything at `path` under `source` (by default named after the path), in one transaction.

    The search index is not touched: the ids of what changed are in `search_outbox` when this returns.
    Raises UnreadableError, in words, with the directory as it was.
    """
    format_, readings = read_listings(path, format_)
    raws = [reading for reading in readings if isinstance(reading, Raw)]
    remarks = [reading for reading in readings if isinstance(reading, Remark)]
    if not raws:
        reasons = " ".join(f"{remark.where}: {remark.words}" for remark in remarks[:5])
        raise UnreadableError(f"There are no services in {path}. {reasons}".strip())
    source = source_of(db, raws, path, source)
    with db.atomic():
        store.ensure_source(db, source, name_of(path), format_=format_, address=path if openreferral.is_address(path) else "")
        result = save_listings(db, source, raws, progress=progress)
    result.format = format_
    result.remarks = remarks + result.remarks
    return result


def source_of(db: Database, raws: list[Raw], path: str, source: str = "") -> str:
    """The name under which these listings are kept. Raises SourceNameError where it cannot be told, or is ours."""
    source = source.strip() or same_publisher(db, raws) or _free_name(db, raws, name_of(path))
    if source in OUR_SOURCES:
        raise SourceNameError(f"“{source}” is the name of our own listings: choose another with --source.", source)
    return source


def name_of(path: str) -> str:
    """The name of a source from its path or address: without what changes from month to month.

    >>> name_of("/tmp/Bristol Council_2024-12.json"), name_of("https://feed.example.org/services?page=2")
    ('bristol-council', 'feed-example-org-services')
    """
    text = re.sub(r"^https?://", "", path.split("?")[0].rstrip("/")) if openreferral.is_address(path) else Path(path).stem
    words = re.findall(r"[a-z]+", text.lower())
    return "-".join(word for word in words if word not in {"page", "www"})[:60] or "import"


def same_publisher(db: Database, raws: list[Raw]) -> str | None:
    """The source that most of these listings came from before, known by their own id and name.

    Ids are only a publisher's own ("136"), and files are renamed from month to month: without this, a second import from
    another file name would add everything again.
    """
    sample = raws[:: max(1, len(raws) // 50)][:50]
    found: Counter[str] = Counter()
    for raw in sample:
        rows = db.query(
            "SELECT source FROM service WHERE source_id = ? AND name = ? COLLATE NOCASE",
            [clean_line(raw.data.get("id")), clean_line(raw.data.get("name"))[:300]],
        )
        found.update(row["source"] for row in rows)
    if not found:
        return None
    source, times = found.most_common(1)[0]
    return source if times * 2 >= len(sample) and source not in OUR_SOURCES else None


def _free_name(db: Database, raws: list[Raw], name: str) -> str:
    """`name`, unless a publisher of that name has quite other listings under the same ids ("1", "2", "3")."""
    ids = [clean_line(raw.data.get("id")) for raw in raws[:50]]
    taken = sum(store.has_source_id(db, name, id_) for id_ in ids)
    if taken >= 3:
        raise SourceNameError(
            f"There are other listings under the name “{name}” with the same ids. To update those say --source {name}; "
            "if this is another publisher give it another name with --source.",
            name,
        )
    return name


def save_listings(db: Database, source: str, raws: Iterable[Raw], *, progress: Progress | None = None) -> ImportResult:
    """Translate and save listings, inside the caller's `atomic()`. Only what differs from the last import is written."""
    result = ImportResult(source, "")
    before, hidden = store.imported_digests(db, source), store.hidden_of_source(db, source)
    saved_organizations: set[str] = set()
    saved_locations: set[str] = set()
    for _raw, service in translated(db, source, raws, result, progress=progress):
        digest = digest_of(service)
        if before.get(service.id) == digest:
            result.unchanged += 1
            continue
        if service.organization and service.organization.id not in saved_organizations:
            store.save_organization(db, service.organization, source)
            saved_organizations.add(service.organization.id)
        for location in service.locations:
            # Of two copies of one place the one that hides it wins, whichever comes first (store.save_location keeps it so).
            if location.id not in saved_locations or location.hides_address:
                store.save_location(db, location)
                saved_locations.add(location.id)
        # What we no longer list, or do not list yet, is not for a publisher to bring back.
        store.save_service(db, service, imported_digest=digest, hidden=hidden.get(service.id, ""))
        keep_their_check(db, service)
        if service.id in before:
            result.changed += 1
        else:
            result.added += 1
    if result.added or result.changed:
        store.remove_unused_locations(db)
        gazetteer.refresh_towns(db)
        store.bump(db)
    return result


def translated(
    db: Database, source: str, raws: Iterable[Raw], result: ImportResult, *, progress: Progress | None = None
) -> Iterator[tuple[Raw, Service]]:
    """Each listing that can be taken, as ours; refusals and remarks go to `result` as they come."""
    raws = _fullest(list(raws), result)
    publisher = _publisher(db, source)
    known = store.imported_digests(db, source)
    for done, raw in enumerate(raws, start=1):
        publisher.remarks = []
        try:
            service = translate(raw.data, publisher)
            if service.id not in known:
                owner = store.sources_of(db, [service.id]).get(service.id)
                if owner in OUR_SOURCES:
                    raise RefusedError(f"“{service.name}” has the id of one of our own listings.")
                if owner:
                    raise RefusedError(f"“{service.name}” has the id of a listing of “{owner}”; import it as --source {owner}.")
        except RefusedError as refusal:
            result.refused.append(Remark(raw.where, str(refusal)))
            continue
        finally:
            if progress:
                progress(done, len(raws))
        result.remarks += [Remark(raw.where, words) for words in publisher.remarks]
        yield raw, service


def keep_their_check(db: Database, service: Service) -> None:
    """Write down the publisher's own word that a listing is true, with its day."""
    day = parse_date(service.assured_date)
    if day and day <= clock.today():
        store.add_check(db, service.id, Check(day, "publisher"))


def _fullest(raws: list[Raw], result: ImportResult) -> list[Raw]:
    """Of the same listing twice (a short form in a list, a full one beside it), the one that says more."""
    best: dict[str, Raw] = {}
    for number, raw in enumerate(raws):
        key = str(raw.data.get("id") or f"no id {number}")
        if key in best:
            short, full = sorted((best[key], raw), key=lambda one: len(str(one.data)))
            result.remarks.append(Remark(short.where, f"It is the same listing as {full.where}, which says more and was taken."))
            best[key] = full
        else:
            best[key] = raw
    return list(best.values())


def digest_of(service: Service) -> str:
    """What tells whether a publisher sent something new about a listing."""
    data: dict[str, Any] = dataclasses.asdict(service)
    del data["hidden"]  # what we decided, not what they sent
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def _publisher(db: Database, source: str) -> Publisher:
    known: dict[str, Place | None] = {}

    def locate(postcode: str) -> Place | None:
        if postcode not in known:
            known[postcode] = gazetteer.find_postcode(db, postcode)
        return known[postcode]

    categories = _category_terms(db)
    needs = _need_terms(db)
    return Publisher(
        source=source,
        locate=locate,
        category_of=lambda term: categories.get(_term_key(term)),
        need_of=lambda term: needs.get(_term_key(term)),
    )


def _term_key(term: str) -> str:
    term = term.rsplit("/", 1)[-1] if "://" in term else term
    return " ".join(re.findall(r"[a-z0-9:]+", term.lower().replace("-", " ")))


def _category_terms(db: Database) -> dict[str, str]:
    """Our categories by slug, label, and the LGA's service ids (CURIEs such as esdServiceType:1790)."""
    found: dict[str, str] = {}
    for category in reference.get_categories(db).values():
        found.setdefault(_term_key(category.slug), category.slug)
        found.setdefault(_term_key(category.label), category.slug)
        for esd in category.esd_service_ids:
            found.setdefault(_term_key(f"esdServiceType:{esd}"), category.slug)
    return found


def _need_terms(db: Database) -> dict[str, str]:
    found: dict[str, str] = {}
    for need in reference.get_needs(db).values():
        for word in (need.slug, need.label, *need.words):
            found.setdefault(_term_key(word), need.slug)
    return found


def remarks_in_words(remarks: list[Remark], most: int = 20) -> Iterator[str]:
    """Remarks as lines for the terminal; what is over `most` is counted."""
    for remark in remarks[:most]:
        yield f"  {remark.where}: {remark.words}"
    if len(remarks) > most:
        yield f"  ... and {len(remarks) - most} more."

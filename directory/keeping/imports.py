"""Importing with open eyes: a file or address is read into a preview, somebody chooses, and what they chose happens in one step.

Reading and applying take longer than a page may: each import says what it waits for (`status`), and one worker at a time does it,
in the server or by the clock. A worker that is killed leaves the directory as it was; the next one begins that step again.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout
from sqlite_utils import Database

from directory import importing, store
from directory.differences import LABELS, Difference, Names, differences, value_lines
from directory.identity import stable_id
from directory.importers import NothingNewError, Raw, Remark, UnreadableError, openreferral
from directory.importers.cleaning import clean_line
from directory.keeping import batches, editing, history
from directory.keeping.batches import Batch, Wanted
from directory.merging import QUIET, changes, merged, settled
from directory.service import Service
from directory.store import imports as rows
from directory.store.imports import AT_WORK, ImportJob, ImportRow
from plumbing import clock
from plumbing.db import at_once
from plumbing.errors import place_of
from plumbing.fetching import Limits
from plumbing.ids import new_id

log = logging.getLogger(__name__)
Reading = Raw | Remark
_MOST_TRIES = 3
_TOLD_EVERY = 25


@dataclass(frozen=True)
class Workshop:
    """Where imports are worked on: `folder` holds what was sent until it is read, the lock, and how far the work is.

    `told` is told how far it is, too: a progress bar in a terminal.
    """

    folder: Path
    limits: Limits
    told: importing.Progress | None = None

    def of(self, job: str) -> Path:
        """The folder of one import."""
        return self.folder / job

    def tell(self, job: str, done: int, total: int) -> None:
        """Say how far the work is. In a file: the work itself is one transaction, of which nobody else sees anything."""
        if self.told:
            self.told(done, total)
        if done % _TOLD_EVERY == 0 or done == total:
            with contextlib.suppress(OSError):
                (self.folder / f"{job}.progress").write_text(f"{done} {total}")

    def progress(self, job: str) -> tuple[int, int]:
        """How many listings are done, of how many; 0 of 0 where nobody can tell yet."""
        try:
            done, total = (self.folder / f"{job}.progress").read_text().split()
            return int(done), int(total)
        except (OSError, ValueError):
            return 0, 0

    def clear(self, job: str) -> None:
        """Forget what was sent, and how far the work is."""
        shutil.rmtree(self.of(job), ignore_errors=True)
        (self.folder / f"{job}.progress").unlink(missing_ok=True)


def begin(db: Database, who: str, name: str, *, source: str = "", address: str = "", job: str = "", pull: str = "",
          whole: bool = True) -> str:  # fmt: skip
    """Put an import before the worker; returns its id. What is to be read lies in its folder, or at `address`."""
    job = job or new_id()
    begun = ImportJob(job, "reading", name, who, clock.now().isoformat(), source, address, pull=pull, whole=whole)
    with at_once(db):
        rows.add_job(db, begun)
    return job


class NotNowError(Exception):
    """The import is not in a state in which this can be done: somebody else was quicker."""


def ask(db: Database, job: str, status: str, *, if_: str) -> None:
    """Put an import that is `if_` before the worker. Raises NotNowError where it is something else by now."""
    with at_once(db):
        found = rows.get_job(db, job)
        if found is None or found.status != if_:
            raise NotNowError
        rows.set_job(db, job, status=status, tries=0, words="")


def drop(db: Database, shop: Workshop, job: str) -> None:
    """Throw a preview away."""
    with at_once(db):
        found = rows.get_job(db, job)
        if found is None or found.status not in {"ready", "failed"}:
            raise NotNowError
        rows.clear_rows(db, job)
        rows.set_job(db, job, status="dropped", ended_at=clock.now().isoformat())
    shop.clear(job)


def work(db: Database, shop: Workshop) -> int:
    """Do all that waits, in order; returns how many steps were done. Somebody else at work does it instead."""
    shop.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = 0
    try:
        with FileLock(shop.folder / "work.lock", blocking=False):
            while waiting := rows.list_jobs(db, AT_WORK):
                _step(db, shop, waiting[-1])
                done += 1
    except Timeout:
        pass
    return done


def at_once_from(db: Database, shop: Workshop, path: str, who: str, *, format_: str = "auto", source: str = "",
                 progress: importing.Progress | None = None) -> importing.ImportResult:  # fmt: skip
    """Import everything at `path`, a file, a folder or an address, without anybody looking at a preview: for the terminal.

    What a preview would have chosen by itself is done: what is new and what they changed; where we changed the same thing ours
    stands, and nothing is retired. It stands among the imports at the desk, where it can be undone. Raises UnreadableError, in
    words, with the directory as it was.
    """
    shop.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    address = path if openreferral.is_address(path) else ""
    told = replace(shop, told=progress)
    with FileLock(shop.folder / "work.lock"):
        format_, readings = importing.read_listings(path, format_)
        id_ = begin(db, who, address or Path(path).name, source=source, address=address)
        try:
            result = keep_preview(db, told, _get(db, id_), format_, readings)
            # Progress was told while they were read; what comes now takes a moment.
            ask(db, id_, "applying", if_="ready")
            _apply(db, shop, _get(db, id_))
        except UnreadableError:
            with at_once(db):
                rows.set_job(db, id_, status="dropped", ended_at=clock.now().isoformat())
            raise
        except Exception:
            _fail(db, _get(db, id_), "failed", "Something went wrong on our side. Nothing was changed.")
            raise
        finally:
            shop.clear(id_)
    done = _get(db, id_)
    result.added, result.changed = done.added, done.changed
    return result


def _get(db: Database, job: str) -> ImportJob:
    found = rows.get_job(db, job)
    if found is None:
        raise LookupError("the import is gone")
    return found


def _step(db: Database, shop: Workshop, job: ImportJob) -> None:
    with at_once(db):
        rows.set_job(db, job.id, tries=job.tries + 1)
    back = {"reading": "failed", "applying": "ready", "undoing": "applied"}[job.status]
    try:
        if job.tries >= _MOST_TRIES:
            raise UnreadableError("It was begun three times and never came to its end. Nothing was changed.")
        {"reading": _read, "applying": _apply, "undoing": _undo}[job.status](db, shop, job)
    except UnreadableError as error:
        words = str(error).replace(str(shop.of(job.id)), job.name)
        _fail(db, job, "ready" if isinstance(error, NothingNewError) else back, words)
    except Exception as error:
        # Its own text may hold what somebody typed.
        log.error("Import failed: %s at %s", type(error).__name__, place_of(error))
        _fail(db, job, back, "Something went wrong on our side. Nothing was changed.")
    if job.status == "reading":
        shop.clear(job.id)


def _fail(db: Database, job: ImportJob, status: str, words: str) -> None:
    with at_once(db):
        rows.set_job(db, job.id, status=status, words=words, ended_at=clock.now().isoformat())


def _read(db: Database, shop: Workshop, job: ImportJob) -> None:
    """Read what was sent, and write down what it would do."""
    if job.address:
        format_, readings = "openreferral", list(openreferral.read_address(job.address, shop.limits))
    else:
        format_, readings = importing.read_listings(str(path_of(shop.of(job.id))))
    keep_preview(db, shop, job, format_, readings)


def keep_preview(db: Database, shop: Workshop, job: ImportJob, format_: str, readings: list[Reading]) -> importing.ImportResult:
    """Write down what these listings would do to the directory; returns how many are as they were, refusals and remarks."""
    raws = [reading for reading in readings if isinstance(reading, Raw)]
    remarks = [reading for reading in readings if isinstance(reading, Remark)]
    if not raws and job.whole:
        reasons = " ".join(f"{remark.where}: {remark.words}" for remark in remarks[:5])
        raise UnreadableError(f"There are no services in {job.name}. {reasons}".strip())
    source = importing.source_of(db, raws, job.address or job.name, job.source) if raws else job.source
    result = importing.ImportResult(source, format_)
    found = list(_planned(db, shop, job, source, raws, result))
    with at_once(db):
        rows.clear_rows(db, job.id)
        result.remarks = remarks + result.remarks
        told = [ImportRow(0, "refused", "", place=one.where, words=one.words) for one in result.refused]
        told += [ImportRow(0, "remark", "", place=one.where, words=one.words) for one in result.remarks]
        rows.add_rows(db, job.id, (replace(row, number=number) for number, row in enumerate(found + told)))
        rows.set_job(
            db, job.id, status="ready", source=source, format=format_, unchanged=result.unchanged, refused=len(result.refused)
        )
    return result


def _planned(db: Database, shop: Workshop, job: ImportJob, source: str, raws: list[Raw],
             result: importing.ImportResult) -> Iterator[ImportRow]:  # fmt: skip
    states, digests = rows.states(db, source), store.imported_digests(db, source)
    missing, by_import = rows.shown_of_source(db, source), rows.retired_by_import(db, source)
    retired = {id_ for id_, why in store.hidden_of_source(db, source).items() if why == "retired"}
    # A listing that was sent and refused is not missing.
    for raw in raws:
        missing.pop(stable_id(source, "service", clean_line(raw.data.get("id"))), None)

    def tell(done: int, total: int) -> None:
        shop.tell(job.id, done, total)

    for raw, service in importing.translated(db, source, raws, result, progress=tell):
        digest = importing.digest_of(service)
        row = ImportRow(0, "added", service.name, service.id, raw.where, digest=digest, seen=states.get(service.id, ""))
        if service.id not in states:
            yield replace(row, chosen=True, service=settled(service))
        elif service.id in retired:
            ours = store.get_services(db, [service.id])[0]
            yield replace(row, kind="back", chosen=service.id in by_import, service=settled(service, ours))
        elif digests[service.id] == digest or not (row := _changed(db, service, row)):  # type: ignore[assignment]
            result.unchanged += 1
        else:
            yield row
    if job.whole:
        for id_, name in missing.items():
            yield ImportRow(0, "missing", name, id_, seen=states[id_])


def _changed(db: Database, service: Service, row: ImportRow) -> ImportRow | None:
    """The row for a listing of which something new was sent; None where nothing of it is new to us."""
    ours = store.get_services(db, [service.id])[0]
    theirs = settled(service, ours)
    base = sent_before(db, ours)
    found = [change for change in changes(base, ours, theirs) if change.by != "we"]
    if not {change.field for change in found} - QUIET:
        return None
    words = ",".join(change.field for change in found if change.field not in QUIET)
    both = any(change.by == "both" and change.field not in QUIET for change in found)
    return replace(row, kind="changed", name=ours.name, words=words, ours=both, chosen=True, service=theirs)


def sent_before(db: Database, ours: Service) -> Service:
    """A listing as its publisher last sent it, as far as we know: else as it first came, else as it is."""
    sent = rows.last_sent(db, ours.id)
    if sent is None:
        first = store.revisions(db, ours.id)[-1:]
        sent = first[0].service if first else ours
    return settled(sent or ours, ours)


@dataclass
class _Work:
    """What an import is to do: worked out beforehand, and written in one step."""

    batch: Batch
    tally: dict[str, int]
    done: list[tuple[int, str, str, str]]
    sent: list[tuple[str, str, str]]
    checks: list[Service]


def _apply(db: Database, shop: Workshop, job: ImportJob) -> None:
    """Do what was chosen, all of it or nothing."""
    work = _work_out(db, shop, job)
    with editing.as_one(db):
        if store.revision(db) != work.batch.revision:
            work = _work_out(db, shop, job)
        store.ensure_source(db, job.source, job.source, format_=job.format, address=job.address)
        batches.write(db, work.batch, job.who, job.id)
        rows.remember_sent(db, work.sent)
        for service in work.checks:
            importing.keep_their_check(db, service)
        rows.rows_done(db, job.id, work.done)
        rows.clear_rows(db, job.id, documents_only=True)
        tally = work.tally
        rows.set_job(
            db, job.id, status="applied", ended_at=clock.now().isoformat(), added=tally["added"],
            changed=tally["changed"] + tally["back"], retired=tally["missing"], skipped=tally["since"],
        )  # fmt: skip
    shop.clear(job.id)


def _work_out(db: Database, shop: Workshop, job: ImportJob) -> _Work:
    """What the chosen rows do to the directory as it is now."""
    tally = dict.fromkeys((*rows.CHOICES, "since"), 0)
    total = sum(rows.counts(db, job.id)[f"chosen {kind}"] for kind in rows.CHOICES)
    revision, states, digests = store.revision(db), rows.states(db, job.source), store.imported_digests(db, job.source)
    texts = rows.texts_sent(db, job.source)
    work = _Work(Batch(revision), tally, [], [], [])
    wanted = []
    for done, row in enumerate(rows.chosen_rows(db, job.id), start=1):
        if states.get(row.service_id, "") != row.seen or (row.kind == "added" and store.sources_of(db, [row.service_id])):
            work.done.append((row.number, "since", "", ""))
            tally["since"] += 1
        else:
            wanted.append(_wanted(db, row))
            sent_before = texts.get(row.service_id, "") if row.service else ""
            work.done.append((row.number, "done", digests.get(row.service_id, ""), sent_before))
            if row.service:
                work.sent.append((row.service_id, row.text, row.digest))
                work.checks.append(row.service)
            tally[row.kind] += 1
        shop.tell(job.id, done, total)
    work.batch = batches.plan(db, wanted, revision)
    return work


def _wanted(db: Database, row: ImportRow) -> Wanted:
    """A listing as a row would have it."""
    theirs = row.service
    if row.kind == "added":
        return Wanted(row.service_id, theirs, "import", row.digest, row.text)
    ours = store.get_services(db, [row.service_id])[0]
    if theirs is None:
        return Wanted(row.service_id, replace(ours, hidden="retired"), "missing")
    base = sent_before(db, ours)
    take = {change.field for change in changes(base, ours, theirs)} if row.take else set()
    service = replace(merged(base, ours, theirs, take), hidden="" if row.kind == "back" else ours.hidden)
    if service.last_modified == ours.last_modified:
        # It was changed by us since they wrote it: from today it is neither theirs nor ours as it was.
        service = editing.dated(service, ours)
    # An import by itself brings nothing back; here somebody chose it.
    return Wanted(row.service_id, service, "import", None if row.kind == "back" else row.digest)


def _undo(db: Database, shop: Workshop, job: ImportJob) -> None:
    """Put everything back; what was changed since stays as it is, and is named."""
    undoing = history.plan(db, job.id)
    with editing.as_one(db):
        undone = history.undo(db, job.id, job.who, "undo", undoing)
        kept = set(undone.kept)
        done = rows.rows_with_outcome(db, job.id, "done")
        rows.rows_done(
            db, job.id, [(row.number, "kept", row.digest_before, row.sent_before) for row in done if row.service_id in kept]
        )
        # Else the same file, sent again, would seem to bring nothing new.
        before = [row for row in done if row.service_id not in kept and row.kind in {"changed", "back"}]
        rows.remember_sent(db, [(row.service_id, row.sent_before, row.digest_before) for row in before])
        rows.set_job(db, job.id, status="undone", ended_at=clock.now().isoformat(), skipped=len(kept))
    shop.clear(job.id)


def path_of(folder: Path) -> Path:
    """What an importer is given: the one file that was sent, or the folder where there are several."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return files[0] if len(files) == 1 else folder


def shown_differences(db: Database, row: ImportRow, names: Names) -> list[tuple[str, Difference]]:
    """In what a listing and what was sent of it differ, each with who changed it since they last sent it: they, we or both."""
    ours = store.get_services(db, [row.service_id])[0]
    theirs = row.service or ours
    by = {change.field: change.by for change in changes(sent_before(db, ours), ours, theirs)}
    return [(by[one.name], one) for one in differences(ours, theirs, names) if one.name in by]


def new_lines(row: ImportRow, names: Names) -> list[tuple[str, tuple[str, ...]]]:
    """What a new listing says, field by field: for a page."""
    service = row.service
    found = [(str(label), value_lines(service, name, names)) for name, label in LABELS.items()] if service else []
    return [(label, lines) for label, lines in found if lines]

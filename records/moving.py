"""An entry goes into another section, and a draft into its first: sealed anew under that section's key, with its files."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from plumbing.crypto import CannotOpen
from plumbing.crypto.envelope import seal
from plumbing.ids import new_id
from records import attachments, canonical, editing, keys, store
from records.editing import Document
from records.entry import Entry, File
from records.gate import NotYours, Opened


def move(opened: Opened, entry_id: str, section_id: str) -> Entry:
    """Put an entry into another section, with its versions.

    Its attachments get new keys: who could read the one section has the old ones.
    """
    return _moved(opened, entry_id, section_id, lambda document: document)


def keep_draft(opened: Opened, draft_id: str, section_id: str, revised: Callable[[Document], Document]) -> Entry:
    """Put a draft into a section, with what `revised` makes of its document. Asked for twice, it is done once.

    A function, for the draft may get another page, and its files other names, until it is its turn.
    """
    return _moved(opened, draft_id, section_id, revised, only="draft")


def _moved(
    opened: Opened, entry_id: str, section_id: str, revised: Callable[[Document], Document], only: str | None = None
) -> Entry:
    written: list[str] = []

    def make(opened: Opened) -> Entry:
        history = opened.history(entry_id)
        if not opened.may_change(history[0]):
            raise NotYours
        if only and history[0].state != only:
            return history[0]
        files = {id_: file for entry in history for id_, file in entry.files.items()}
        try:
            fresh = _sealed_anew(opened, files, written)
        except CannotOpen:
            # Of two who move one entry at once, the second finds the first's old files gone. Damage is something else.
            if opened.entry(entry_id).version == history[0].version:
                raise
            raise editing.Stale from None
        with editing.change(opened) as pen:
            if opened.entry(entry_id).version != history[0].version:
                raise editing.Stale
            _move_rows(opened, pen, history, section_id, fresh, revised(history[0].document))
            pen.unlink.extend(files)
        return opened.entry(entry_id)

    try:
        return editing.again(make, opened)
    finally:
        # Not "when it fails": what comes after the commit can fail too, and then these are the only ones there are.
        named = set(store.attachment_ids(opened.db, opened.record_id))
        attachments.unlink(opened.office.attachments, [id_ for id_ in written if id_ not in named])


def _sealed_anew(opened: Opened, files: Mapping[str, File], written: list[str]) -> dict[str, File]:
    fresh = {}
    for id_, file in files.items():
        key, attachment_id = secrets.token_bytes(keys.KEY_BYTES), new_id()
        written.append(attachment_id)
        attachments.write(opened.office.attachments, attachment_id, key, opened.file(file), opened.stamp)
        fresh[id_] = replace(file, id=attachment_id, key=canonical.text(key))
    return fresh


def _move_rows(
    opened: Opened, pen: editing.Pen, history: list[Entry], section_id: str, fresh: Mapping[str, File], document: Document
) -> None:
    db, newest = opened.db, history[0]
    for old_id, file in fresh.items():
        db.execute("UPDATE attachment SET id = ? WHERE id = ?", [file.id, old_id])
    db.execute("DELETE FROM entry_version WHERE entry_id = ?", [newest.id])
    for entry in [] if newest.state == "draft" else reversed(history):
        pen.note_version("moved", entry.id, section_id, entry.version, _reseal_into(opened, entry, section_id, fresh))
    db.execute(
        "UPDATE entry SET section_id = ?, version = ?, state = 'kept', binned_on = NULL WHERE id = ?",
        [section_id, newest.version + 1, newest.id],
    )
    moved = _with_files(document, fresh)
    pen.save(newest.id, section_id, newest.version + 1, moved)
    editing.mark_dropped(opened, newest.id, moved)


def _reseal_into(opened: Opened, entry: Entry, section_id: str, fresh: Mapping[str, File]) -> bytes:
    document = _with_files(entry.document, fresh)
    inside = canonical.to_bytes({"v": 1, "by": entry.author, "at": entry.saved_at, "document": document})
    epoch = opened.epoch(section_id)
    bound = keys.version_bound(opened.stamp, section_id, epoch, entry.id, entry.version)
    store.insert(
        opened.db,
        "entry_version",
        entry_id=entry.id,
        version=entry.version,
        section_id=section_id,
        epoch=epoch,
        saved_on=entry.saved_at[:10],
        sealed=seal(opened.key(section_id), inside, bound),
    )
    return inside


def _with_files(document: Document, fresh: Mapping[str, File]) -> Document:
    """`document` with its attachments' new ids and keys, wherever it names them."""

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {fresh[name].id if name in fresh else name: renamed(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [renamed(inner) for inner in value]
        return fresh[value].id if isinstance(value, str) and value in fresh else value

    moved = renamed(document)
    kept = {file.id: file.written() for old, file in fresh.items() if old in document.get("files", {})}
    return moved | {"files": kept} if kept or "files" in document else moved

"""The index on disk: the only file that imports Whoosh, and every trap we know of it has its line here.

    data/local/search/CURRENT       names the folder that answers
    data/local/search/ix-.../       one Whoosh index, and stamp.json: what it was built from

The index is derived and disposable. Its files are pickles: whoever can write them runs code as us, so the folder is 0700 and
nothing is ever restored into it. Only our own words (words.py) go in and come out: no text of a user reaches Whoosh's query
parser, because there is none here.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from whoosh import analysis, columns, fields, index

from directory.search.document import Document
from directory.search.segment import Segment, pack
from directory.search.words import tokens

_BODY, _SURFACE = "text", "surface"
_WRITER_SECONDS = 10.0
# Whoosh writes fastest with about this much memory for its pool; more gains nothing (measured).
_POOL_MB = 128
_TITLE_TIMES, _KEYWORDS_TIMES = 3, 2


class _Words(analysis.Tokenizer):
    """Whoosh's face of words.py."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, start_pos: int = 0, start_char: int = 0,
                 mode: str = "", removestops: bool = True, **kwargs: Any) -> Iterator[Any]:  # fmt: skip
        token = analysis.Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        for position, found in enumerate(tokens(value)):
            token.text, token.boost, token.stopped = found.term, 1.0, False
            if positions:
                token.pos = start_pos + position
            if chars:
                token.startchar, token.endchar = start_char + found.start, start_char + found.end
            yield token


class _Split(analysis.Tokenizer):
    """Words that are split already."""

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, mode: str = "", **kwargs: Any) -> Iterator[Any]:
        token = analysis.Token(positions, mode=mode)
        for position, word in enumerate(value.split()):
            token.text, token.boost, token.stopped = word, 1.0, False
            if positions:
                token.pos = start_pos + position
            yield token


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(unique=True),
        values=fields.COLUMN(columns.VarBytesColumn()),
        text=fields.TEXT(analyzer=_Words(), phrase=True),
        surface=fields.TEXT(analyzer=_Split(), phrase=False),
    )


def _fields(document: Document) -> dict[str, object]:
    text = " . ".join([document.title] * _TITLE_TIMES + [document.keywords] * _KEYWORDS_TIMES + [document.body])
    facets: dict[str, list[str]] = {
        "kind": [document.kind],
        "category": list(document.categories),
        "need": list(document.needs),
        "delivery": list(document.delivery),
        "referral": list(document.referral),
        "reach": [document.reach],
        "language": list(document.languages),
        "nation": list(document.nations),
        "free": ["yes"] if document.free else [],
        "unchecked": ["yes"] if document.unchecked else [],
    }
    low = 0.0 if document.minimum_age is None else document.minimum_age
    high = 200.0 if document.maximum_age is None else document.maximum_age
    values = {
        "id": document.id,
        "title": document.title.casefold(),
        "reach": document.reach,
        "ages": [low, high],
        "points": [list(point) for point in document.points],
        "areas": [list(area) for area in document.areas],
        "facets": facets,
    }
    words = " ".join(sorted({token.surface for token in tokens(f"{document.title} {document.keywords} {document.body}")}))
    return {"id": f"{document.kind}:{document.id}", "values": pack(values), "text": text, "surface": words}


class _SegmentReader:
    """Whoosh's reader of one segment, as segment.py asks for it."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def count(self) -> int:
        """How many documents were written, deleted ones included."""
        return self._reader.doc_count_all()

    def deleted(self) -> Iterable[int]:
        """Numbers of the deleted ones."""
        return self._reader.segment().deleted_docs() if self._reader.has_deletions() else ()

    def values(self) -> Sequence[bytes]:
        """The packed values of every document, in order."""
        column = self._reader.column_reader("values")
        return [column[number] for number in range(self.count())]

    def length(self, number: int) -> int:
        """How many words a document has."""
        return self._reader.doc_field_length(number, _BODY, 1)

    def occurrences(self, term: str) -> Iterator[tuple[int, float]]:
        """Document numbers with how often each has the word."""
        if (_BODY, term) not in self._reader:
            return
        matcher = self._reader.postings(_BODY, term)
        while matcher.is_active():
            yield matcher.id(), matcher.weight()
            matcher.next()

    def positions(self, term: str, numbers: Sequence[int]) -> Iterator[frozenset[int]]:
        """Where the word stands in each of these documents, all of which have it, in order."""
        matcher = self._reader.postings(_BODY, term)
        for number in numbers:
            matcher.skip_to(number)
            yield frozenset(matcher.value_as("positions"))

    def surfaces(self) -> Iterator[tuple[str, int]]:
        """Words as written, with how many documents have each."""
        for term in self._reader.field_terms(_SURFACE):
            yield term, self._reader.doc_frequency(_SURFACE, term)


class Index:
    """The index in `folder`. Any number of threads and processes may read; writers wait for one another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: Path | None = None
        self._index: Any = None
        self._searcher: Any = None
        self._segments: dict[str, Segment] = {}
        self._lock = threading.RLock()

    # -- reading

    def exists(self) -> bool:
        """Whether there is an index to read."""
        return self._current() is not None

    def _current(self) -> Path | None:
        try:
            name = (self._folder / "CURRENT").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        here = self._folder / name
        return here if name.startswith("ix-") and here.is_dir() else None

    def stamp(self) -> dict[str, Any]:
        """What the index says it was built from; empty where it says nothing."""
        here = self._current()
        try:
            return json.loads((here / "stamp.json").read_text("utf-8")) if here else {}
        except (OSError, ValueError):
            return {}

    def segments(self) -> list[Segment]:
        """The pieces of the newest state of the index. Raises LookupError without one, Whoosh's errors on damage."""
        with self._lock:
            here = self._current()
            if here is None:
                raise LookupError("there is no search index")
            if here != self._opened:
                self._index, self._searcher, self._segments = index.open_dir(str(here)), None, {}
                self._opened = here
            # Never searcher.refresh(): in this release it goes on serving documents that have been deleted.
            if self._searcher is None or not self._searcher.up_to_date():
                searcher = self._index.searcher()
                segments: dict[str, Segment] = {}
                # An index of nothing has a reader of its own kind, which knows no segments.
                leaves = searcher.reader().leaf_readers() if searcher.reader().doc_count_all() else ()
                for reader, _start in leaves:
                    key, wrapped = reader.segment().segment_id(), _SegmentReader(reader)
                    known = self._segments.get(key)
                    if known:
                        known.attach(wrapped)
                    segments[key] = known or Segment(wrapped)
                # The old searcher is left to the garbage collector: another thread may still be reading from it.
                self._searcher, self._segments = searcher, segments
            return list(self._segments.values())

    def count(self) -> int:
        """How many documents there are. Raises what `segments` raises."""
        return sum(segment.live.bit_count() for segment in self.segments())

    # -- writing

    def writing(self, *, wait: float) -> FileLock:
        """The lock that writers hold, as a context manager. Raises TimeoutError where it was not to be had in `wait` seconds."""
        self._folder.mkdir(parents=True, exist_ok=True)
        os.chmod(self._folder, 0o700)
        lock = FileLock(self._folder / "writing.lock", timeout=wait)
        try:
            lock.acquire()
        except Timeout:
            raise TimeoutError("somebody else is writing the search index") from None
        return lock

    def rebuild(self, documents: Iterable[Document], stamp: dict[str, Any]) -> int:
        """Write a new index beside the old one and swap it in by one rename. The caller holds `writing`."""
        here = self._folder / f"ix-{uuid.uuid4().hex}"
        here.mkdir(mode=0o700)
        count = 0
        try:
            writer = index.create_in(str(here), _schema()).writer(limitmb=_POOL_MB)
            for document in documents:
                writer.add_document(**_fields(document))
                count += 1
            writer.commit()
            (here / "stamp.json").write_text(json.dumps(stamp), "utf-8")
        except BaseException:
            # A full disk must not fill further with each attempt.
            shutil.rmtree(here, ignore_errors=True)
            raise
        self._point_to(here)
        self._sweep(here)
        return count

    def _point_to(self, here: Path) -> None:
        beside = self._folder / "CURRENT.new"
        with beside.open("w", encoding="ascii") as file:
            file.write(here.name)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / "CURRENT")

    def _sweep(self, keep: Path) -> None:
        """Remove older indexes and what killed writers left. Readers that have one open keep its files until they close them."""
        for other in self._folder.iterdir():
            if other.name.startswith("ix-") and other != keep:
                shutil.rmtree(other, ignore_errors=True)

    def apply(self, upserts: Iterable[Document], deletes: Iterable[str]) -> None:
        """Add or replace documents, and delete services by id. The caller holds `writing`."""
        here = self._current()
        if here is None:
            raise LookupError("there is no search index")
        writer = index.open_dir(str(here)).writer(timeout=_WRITER_SECONDS, limitmb=32)
        try:
            for id_ in deletes:
                writer.delete_by_term("id", f"service:{id_}")
            # The same id twice in one writer would be kept twice.
            for document in {(document.kind, document.id): document for document in upserts}.values():
                writer.update_document(**_fields(document))
            writer.commit()
        except BaseException:
            # A failed commit would hold Whoosh's lock until this process dies.
            if not writer.is_closed:
                writer.cancel()
            raise

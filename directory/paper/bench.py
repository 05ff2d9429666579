"""How long paper takes: a leaflet of twenty services, and booklets of some sizes, of the listings that are there, repeated."""

from __future__ import annotations

import resource
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

import pypdfium2

from directory.paper.booklet import Part, booklet
from directory.paper.essentials import Essentials, essentials
from directory.paper.leaflets import LOOKS, leaflet
from directory.service import Service

_A_PART = 100
_LEAFLET_WORDS = dict.fromkeys(("introduction", "draft", "after", "foot", "square", "scan", "empty"), "") | {"title": "Leaflet"}
_BOOKLET_ONLY = dict.fromkeys(("talk", "contents", "index", "index_how", "also"), "Words")
_BOOKLET_WORDS: dict[str, object] = _LEAFLET_WORDS | _BOOKLET_ONLY | {"cover": []}


def run(services: Sequence[Service], sizes: Sequence[int], echo: Callable[[str], None]) -> None:
    """Measure and print; the services have been through `store.shown`."""
    begun = time.perf_counter()
    entries = [essentials(one) for one in services]
    echo(f"essentials of {len(entries)} services: {time.perf_counter() - begun:.2f} s")
    for look in LOOKS:
        begun = time.perf_counter()
        pdf = leaflet(entries[:20], _LEAFLET_WORDS, look)
        echo(f"leaflet of 20, {look}: {time.perf_counter() - begun:.2f} s, {_pages(pdf)} pages, {len(pdf) // 1000} kB")
    for size in sizes:
        many = _many(entries, size)
        parts = [Part(f"Part {n}", tuple(many[n : n + _A_PART])) for n in range(0, size, _A_PART)]
        begun = time.perf_counter()
        pdf = booklet(parts, [], {}, _BOOKLET_WORDS)
        seconds, memory = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        echo(f"booklet of {size:,}: {seconds:.1f} s, {memory:,} MiB at most, {_pages(pdf)} pages, {len(pdf) / 1e6:.1f} MB")


def _many(entries: Sequence[Essentials], size: int) -> list[Essentials]:
    return [replace(entries[n % len(entries)], id=str(uuid.UUID(int=n))) for n in range(size)]


def _pages(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))

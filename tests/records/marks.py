"""Words that nobody else would write, and a search for them in every file, in every way that a slip could have written them."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

STEM = "quokkazebra"
_numbers = itertools.count(1)


def mark() -> str:
    """A word that stands nowhere yet."""
    return f"{STEM}{next(_numbers)}x"


def _base64(word: bytes, offset: int) -> bytes:
    """What of a word is the same in base64 whatever stands around it, where it begins at this offset of three bytes."""
    written = base64.b64encode(bytes(offset) + word + bytes(3))
    return written[-(-offset * 8 // 6) : (offset + len(word)) * 8 // 6]


def ways(word: str) -> Iterator[tuple[str, bytes]]:
    """Every way to write a word, by its name; capitals are told apart only where they have to be."""
    raw = word.encode()
    yield "UTF-8", raw
    yield "UTF-16 LE", word.encode("utf-16-le")
    yield "UTF-16 BE", word.encode("utf-16-be")
    yield "hex", raw.hex().encode()
    yield "backwards", raw[::-1]
    for name, spelt in (("", raw), (" of UTF-16", word.encode("utf-16-le"))):
        for offset in range(3):
            yield f"base64{name} at {offset}", _base64(spelt, offset)


_EXACT = "base64"


def found_in(content: bytes, words: Iterable[str]) -> list[str]:
    """In which ways any of these words stands in these bytes."""
    lower = content.lower()
    found = []
    for word in words:
        for name, written in ways(word):
            is_exact = name.startswith(_EXACT)
            safe = written.translate(bytes.maketrans(b"+/", b"-_"))
            if any(one in (content if is_exact else lower) for one in ({written, safe} if is_exact else {written.lower()})):
                found.append(f"{name}: {word}")
    return found


def search(folders: Iterable[Path], words: Iterable[str]) -> list[str]:
    """Where and in which ways these words stand in the files of these folders, in their names too."""
    words, hits = list(words), []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            hits += [f"the name of {path}, {hit}" for hit in found_in(path.name.encode(), words)]
            if path.is_file():
                hits += [f"{path}, {hit}" for hit in found_in(path.read_bytes(), words)]
    return hits

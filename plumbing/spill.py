"""Uploads that nobody can read from the disk, and how large they may be.

Werkzeug writes a large upload to a temporary file in the clear, where it outlives the request in whatever the disk has not
yet used again. Ours is enciphered under a key that only this request's memory knows.

A view that takes uploads says how many bytes on the line under its route (`@uploads`). Every other view, and every post that is
not a form with files, keeps to the small limit of all forms.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import tempfile
from collections.abc import Callable
from typing import IO, Any, TypeVar, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from flask import Flask, Request, current_app
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

View = TypeVar("View", bound=Callable[..., Any])

MEMORY_BYTES = 500 * 1024
_BLOCK_BYTES = 16
_PIECE_BYTES = 64 * 1024
_MOST_HEARD_OUT = 100 * 1024 * 1024


class Spill(io.RawIOBase):
    """A file in memory up to `memory` bytes, and beyond that in an enciphered temporary file that has no name.

    It is written once, from its beginning to its end, and then read anywhere.
    """

    def __init__(self, memory: int = MEMORY_BYTES) -> None:
        super().__init__()
        self._memory = memory
        self._held: IO[bytes] = io.BytesIO()
        self._key: bytes | None = None
        self._size = self._place = 0

    @property
    def on_disk(self) -> IO[bytes] | None:
        """The temporary file, where there is one."""
        return self._held if self._key else None

    def readable(self) -> bool:
        """Yes."""
        return True

    def writable(self) -> bool:
        """Yes, at its end."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Add `data` at the end.

        Raises io.UnsupportedOperation anywhere else: CTR never forgives two texts under one stretch of its stream.
        """
        if self._place != self._size:
            raise io.UnsupportedOperation("only the end of it can be written")
        data = bytes(data)
        if not self._key and self._size + len(data) > self._memory:
            self._spill()
        self._held.seek(self._size)
        self._held.write(self._cipher(data) if self._key else data)
        self._size += len(data)
        self._place = self._size
        return len(data)

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` from the present place; returns how many bytes there were."""
        self._held.seek(self._place)
        found = self._held.read(len(buffer))
        buffer[: len(found)] = self._cipher(found) if self._key else found
        self._place += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to `offset` bytes from the beginning, from here or from the end; returns the new place."""
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        if begin + offset < 0:
            raise ValueError("there is nothing before the beginning")
        self._place = begin + offset
        return self._place

    def tell(self) -> int:
        """The present place."""
        return self._place

    def close(self) -> None:
        """Let go of the bytes, and of the key that would have opened them."""
        self._held.close()
        self._key = None
        super().close()

    def _spill(self) -> None:
        self._held.seek(0)
        begun = self._held.read()
        self._key = secrets.token_bytes(32)
        self._held = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this file
        self._held.write(self._cipher(begun, at=0))

    def _cipher(self, data: bytes, at: int | None = None) -> bytes:
        """What `data`, at a place in the file, is on the other side of the key: in CTR the way there is the way back."""
        block, within = divmod(self._place if at is None else at, _BLOCK_BYTES)
        # The key serves one file: its counter can begin at nought.
        stream = Cipher(AES(cast(bytes, self._key)), CTR(block.to_bytes(_BLOCK_BYTES))).encryptor()
        stream.update(bytes(within))
        return stream.update(data)


class SpillRequest(Request):
    """A request whose uploads spill enciphered, and that takes as much as its view says."""

    _heard_out = False

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return cast(IO[bytes], Spill())

    def _load_form_data(self) -> None:
        most = self.max_content_length
        if most is not None and most < (self.content_length or 0):
            self._hear_out()
        try:
            super()._load_form_data()
        except RequestEntityTooLarge:
            # One field of it was too large, or there were too many.
            self._hear_out()
            raise

    def _hear_out(self) -> None:
        """Read a body that is too large, and keep nothing of it.

        A browser reads no answer before it has sent everything: hung up on, it shows its own page and not our words.
        """
        if self._heard_out or (self.content_length or 0) > _MOST_HEARD_OUT:
            return
        self._heard_out = True
        body = get_input_stream(self.environ)
        with contextlib.suppress(ClientDisconnected):
            while body.read(_PIECE_BYTES):
                pass

    @property
    def max_content_length(self) -> int | None:
        """The most bytes that this request may bring.

        Asked for whenever the body is first read, by the check of the form's token before any view runs; so it cannot wait for
        the view. A body that is no form with files is read into memory in one piece, and never allowed the larger limit.
        """
        view = current_app.view_functions.get(self.endpoint or "")
        said: int | Callable[[], int] | None = getattr(view, "upload_bytes", None)
        upload_bytes = said() if callable(said) else said
        if self._max_content_length is not None or upload_bytes is None or self.mimetype != "multipart/form-data":
            return super().max_content_length
        return upload_bytes + _form_bytes()

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    @property
    def max_form_memory_size(self) -> int | None:
        """The most bytes of one field that is no file: about as many as a whole form may have where there are no files.

        Werkzeug holds the next piece of the body, with what is left of the last one, to the same limit: a piece more than a form.
        """
        return _form_bytes() + _PIECE_BYTES if self._max_form_memory_size is None else self._max_form_memory_size

    @max_form_memory_size.setter
    def max_form_memory_size(self, value: int | None) -> None:
        self._max_form_memory_size = value


def _form_bytes() -> int:
    most: int = current_app.config["MAX_CONTENT_LENGTH"]
    return most


def uploads(most: int | Callable[[], int]) -> Callable[[View], View]:
    """A view that takes files: `most` bytes of them in one post, and beside them as much writing as any form.

    Where it depends on a setting, or on who is asking, `most` is a function that says it.
    """

    def mark(view: View) -> View:
        view.upload_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    """Take every request's uploads in this way."""
    app.request_class = SpillRequest

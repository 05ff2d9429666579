"""What comes of an upload: pictures to look at and a file to keep, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_BYTES = 25 * 1024 * 1024
MOST_PDF_PAGES = 40
MOST_SECONDS = 60

REASONS = (
    "empty",
    "too_big",
    "kind",
    "photo_damaged",
    "pdf_damaged",
    "recording_damaged",
    "locked",
    "too_many_pages",
    "too_long",
    "too_large",
    "slow",
    "busy",
)

# What is said where a job fails for no better reason.
DAMAGED = {
    "photo": "photo_damaged",
    "turn": "photo_damaged",
    "bind": "photo_damaged",
    "pdf": "pdf_damaged",
    "recording": "recording_damaged",
}

# What a kept file can be: its kind, the type it is served as, and how its name ends. Nothing is served as anything else.
FORMATS = {
    "jpeg": ("photo", "image/jpeg", "jpg"),
    "pdf": ("pdf", "application/pdf", "pdf"),
    "mp4": ("video", "video/mp4", "mp4"),
    "webm": ("video", "video/webm", "webm"),
    "m4a": ("sound", "audio/mp4", "m4a"),
    "mp3": ("sound", "audio/mpeg", "mp3"),
    "ogg": ("sound", "audio/ogg", "ogg"),
    "weba": ("sound", "audio/webm", "webm"),
    "wav": ("sound", "audio/wav", "wav"),
}


@dataclass(frozen=True)
class Picture:
    """A JPEG to look at, with nothing in it but the picture, and a small one of it."""

    jpeg: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)
    width: int
    height: int


@dataclass(frozen=True)
class Cleaned:
    """A file that is safe to keep and to show; `pages` are a PDF's pages, the photo itself, or a video's first picture."""

    format: str
    original: bytes = field(repr=False)
    pages: tuple[Picture, ...] = ()
    seconds: float = 0.0

    @property
    def kind(self) -> str:
        """'photo', 'pdf', 'sound' or 'video'."""
        return FORMATS[self.format][0]

    @property
    def mimetype(self) -> str:
        """The type it is served as."""
        return FORMATS[self.format][1]

    @property
    def extension(self) -> str:
        """How its name ends, without the dot."""
        return FORMATS[self.format][2]


class Refused(Exception):
    """A file that we do not keep; `reason` is one of REASONS and carries nothing of the file."""

    def __init__(self, reason: str) -> None:
        if reason not in REASONS:
            raise ValueError("that is no reason to refuse a file")
        super().__init__(reason)
        self.reason = reason

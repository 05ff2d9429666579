"""What a file is, by its first bytes alone: its name and its declared type are whatever a sender likes."""

from __future__ import annotations

from plumbing.files.facts import MOST_BYTES, Refused

# The job that cleans it, and the one decoder that is asked. A file that is two things at once is only ever the first of them.
PHOTOS = ("jpeg", "png", "webp", "heif")
RECORDINGS = ("mp4", "matroska", "mp3", "ogg", "wav")

_MARKS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
    (b"OggS", "ogg"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"ID3", "mp3"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MP4_BRANDS = {
    b"isom",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4A ",
    b"M4V ",
    b"M4B ",
    b"qt  ",
    b"MSNV",
    b"dash",
    b"3gp4",
    b"3gp5",
    b"3gp6",
}
_MP4_BRANDS |= {b"iso" + bytes([digit]) for digit in b"23456789"}


def format_of(data: bytes) -> str:
    """One of PHOTOS or RECORDINGS, or 'pdf'.

    Raises Refused for anything else, for nothing at all, and for more than we take.
    """
    if not data:
        raise Refused("empty")
    if len(data) > MOST_BYTES:
        raise Refused("too_big")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    boxed = {b"WEBP": "webp", b"WAVE": "wav"}.get(data[8:12]) if data.startswith(b"RIFF") else None
    if boxed:
        return boxed
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand in _HEIF_BRANDS:
            return "heif"
        if brand in _MP4_BRANDS:
            return "mp4"
    if _begins_with_mp3_frame(data):
        return "mp3"
    raise Refused("kind")


def _begins_with_mp3_frame(data: bytes) -> bool:
    """Eleven bits of ones, then "layer III" with a bit rate and a sampling rate that exist."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return False
    return data[1] & 0x18 != 0x08 and data[2] >> 4 not in (0, 15) and data[2] >> 2 & 3 != 3

"""What stands in a JPEG beside the picture."""

from __future__ import annotations

import re

_BEGIN, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
# JFIF's and Adobe's say how colours are to be read; the other application segments hold place, time, camera, anything at all.
_KEPT_APPLICATIONS = {0xE0, 0xEE}
# The first mark after a scan that is not part of it: a zero stands behind an FF that is only a number, D0 to D7 divide a scan.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def without_comments(data: bytes) -> bytes:
    """The same picture, bit for bit, without comments, application segments and what follows its end.

    Raises ValueError where it is no JPEG that can be walked through.
    """
    if not data.startswith(bytes([0xFF, _BEGIN])):
        raise ValueError("that is no JPEG")
    kept, place = [data[:2]], 2
    while place + 2 <= len(data):
        if data[place] != 0xFF:
            raise ValueError("there is no segment where one should be")
        mark = data[place + 1]
        if mark == _END:
            break
        if mark == 0xFF:
            place += 1
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if mark == _SCAN:
            following = _AFTER_SCAN.search(data, end)
            end = following.start() if following else len(data)
        if mark != _COMMENT and (not 0xE0 <= mark <= 0xEF or mark in _KEPT_APPLICATIONS):
            kept.append(data[place:end])
        place = end
    return b"".join([*kept, bytes([0xFF, _END])])

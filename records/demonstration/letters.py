"""The letters of the invented family, as a phone sees them: typed on an office's paper, laid on a table, photographed.

The same letter looks the same every time.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from plumbing.paper import set_page, set_pictures

_HERE = Path(__file__).parent
_COLOURS = ("#0b4f52", "#5a2a6b", "#1d4e89", "#7a3b12", "#35592b", "#8a1f3d")
_TABLES = ((151, 116, 84), (176, 148, 118), (104, 88, 78), (196, 190, 180))
_FAREWELL = "Yours sincerely"
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PHOTO_SIZE = (1400, 1930)
_GRAIN = (700, 120)
_EDGE = (226, 222, 212)
_QUALITY = 82


def photographs(title: str, text: str) -> list[bytes]:
    """The sheets of a letter, each a JPEG as a phone would take it."""
    # What looks by chance is the same chance every time: the title's own.
    chance = random.Random(title)  # noqa: S311 - it draws shadows, not keys
    table = chance.choice(_TABLES)
    return [_photographed(png, chance, table) for png in set_pictures(_HERE / "letter.typ", typed(title, text))]


def typed(title: str, text: str) -> dict[str, Any]:
    """A letter's text as its template takes it. The first block is the office's head; what follows the farewell, a name by hand.

    >>> typed("A", "Council\\nPhone 1\\n\\n# Hello\\n\\n- **one**\\n- two\\n\\nYours sincerely\\n\\nCarol")["blocks"][-2]
    {'kind': 'by hand', 'lines': [[['Carol', False]]]}
    """
    head, *rest = [block.splitlines() for block in re.split(r"\n{2,}", text.strip())]
    blocks: list[dict[str, Any]] = []
    for before, lines in zip([head, *rest], rest, strict=False):
        if before == [_FAREWELL]:
            blocks.append({"kind": "by hand", "lines": [[[lines[0], False]]]})
        blocks.append(_block(lines))
    number = hashlib.sha256(head[0].encode()).digest()[0]
    return {
        "title": title,
        "office": head[0],
        "initial": head[0][0],
        "address": head[1:],
        "colour": _COLOURS[number % len(_COLOURS)],
        "blocks": blocks,
    }


def _block(lines: list[str]) -> dict[str, Any]:
    if lines[0].startswith("# "):
        return {"kind": "heading", "lines": [_pieces(lines[0][2:])]}
    if all(line.startswith("- ") for line in lines):
        return {"kind": "points", "lines": [_pieces(line[2:]) for line in lines]}
    return {"kind": "words", "lines": [_pieces(line) for line in lines]}


def _pieces(line: str) -> list[list[Any]]:
    return [[words, number % 2 == 1] for number, words in enumerate(_BOLD.split(line)) if words]


def _photographed(png: bytes, chance: random.Random, table: tuple[int, int, int]) -> bytes:
    """A sheet on a table: a little crooked, seen a little from the side, with a shadow and the light from one corner."""
    sheet = Image.open(io.BytesIO(png)).convert("RGB")
    sheet = ImageChops.multiply(sheet, Image.new("RGB", sheet.size, (252, 250, 244)))
    corners = _corners(sheet.size, chance)
    laid = sheet.transform(
        _PHOTO_SIZE, Image.Transform.PERSPECTIVE, _perspective(corners, sheet.size), Image.Resampling.BICUBIC, fillcolor=_EDGE
    )
    outline = Image.new("L", _PHOTO_SIZE, 0)
    ImageDraw.Draw(outline).polygon(corners, fill=255)
    shadow = ImageChops.offset(outline, 10, 14).filter(ImageFilter.GaussianBlur(12)).point(lambda level: level // 2)
    grain = Image.frombytes("L", _GRAIN, chance.randbytes(_GRAIN[0] * _GRAIN[1])).resize(_PHOTO_SIZE).convert("RGB")
    photo = Image.blend(Image.new("RGB", _PHOTO_SIZE, table), grain, 0.07)
    photo.paste(Image.new("RGB", _PHOTO_SIZE, (20, 16, 14)), mask=shadow)
    photo.paste(laid, mask=outline.filter(ImageFilter.GaussianBlur(0.8)))
    turned = Image.linear_gradient("L").rotate(chance.choice((35, 145)), Image.Resampling.BILINEAR)
    light = turned.crop((64, 64, 192, 192)).resize(_PHOTO_SIZE, Image.Resampling.BILINEAR)
    photo = ImageChops.multiply(photo, light.point(lambda level: 200 + level // 4).convert("RGB"))
    taken = io.BytesIO()
    photo.save(taken, "JPEG", quality=_QUALITY)
    return taken.getvalue()


def _corners(size: tuple[int, int], chance: random.Random) -> list[tuple[float, float]]:
    """Where the four corners of the sheet lie in the photo: upper left, upper right, lower right, lower left."""
    (width, height), (sheet_width, sheet_height) = _PHOTO_SIZE, size
    left, top, lean = (width - sheet_width) / 2, (height - sheet_height) / 2, chance.uniform(-22, 22)
    straight = [(left, top), (left + sheet_width, top), (left + sheet_width, top + sheet_height), (left, top + sheet_height)]
    leans = [(lean, -lean), (lean, lean), (-lean, lean), (-lean, -lean)]
    return [
        (x + across + chance.uniform(-9, 9), y + along * 0.7 + chance.uniform(-9, 9))
        for (x, y), (across, along) in zip(straight, leans, strict=True)
    ]


def _perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """The eight numbers by which Pillow finds, for each point of the photo, its point on the sheet."""
    width, height = size
    equations, answers = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        answers += [float(u), float(v)]
    return _solved(equations, answers)


def _solved(rows: list[list[float]], answers: list[float]) -> list[float]:
    """Gauss and Jordan: the numbers that make every row its answer."""
    table = [[float(one) for one in row] + [answer] for row, answer in zip(rows, answers, strict=True)]
    for place in range(len(table)):
        best = max(range(place, len(table)), key=lambda number: abs(table[number][place]))
        table[place], table[best] = table[best], table[place]
        table[place] = [one / table[place][place] for one in table[place]]
        for number, row in enumerate(table):
            if number != place:
                table[number] = [one - row[place] * ours for one, ours in zip(row, table[place], strict=True)]
    return [row[-1] for row in table]


def portrait() -> bytes:
    """The picture on About me: drawn, because nobody was photographed."""
    drawing = (_HERE / "portrait.svg").read_text("utf-8")
    return set_page(_HERE / "portrait.typ", {"title": "Yusuf"}, {"drawing": drawing}, "png")

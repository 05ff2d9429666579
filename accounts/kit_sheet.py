"""The kit on paper: one sheet, in words that say nothing of what it opens."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from plumbing.dates import date_in_words
from plumbing.paper import set_page

_TEMPLATE = Path(__file__).parent / "paper" / "kit.typ"


def _data(groups: Sequence[str], name: str, where: str, made_on: datetime.date, language: str, shape: str) -> dict[str, Any]:
    words = {
        "title": _("Your way back in"),
        "keep": _(
            "Keep this sheet somewhere safe, as you would a passport. With it you can get back in if you lose your passphrase. "
            "Whoever has it and your sign-in name can open what is yours."
        ),
        "name": _("Your sign-in name"),
        "code": _("Your code, in seven groups"),
        "letters": _("It has no letter O, I or L. What looks like one is a number: 0 or 1."),
        "qr": _("A square code for a phone’s camera. It holds the same code as the seven groups."),
        "how": _("How to use it"),
        "steps": [
            _("Go to %(where)s and choose “I lost my passphrase”.", where=where),
            _("Type your sign-in name and the code. Or point your phone’s camera at the square."),
            _("Choose a new passphrase, and print a new sheet. This one is void then."),
        ],
        "made": _("Made on %(day)s.", day=date_in_words(made_on)),
    }
    return {"words": words, "groups": list(groups), "name": name, "language": language, "shape": shape}


def kit_sheet(groups: Sequence[str], name: str, where: str, qr_svg: str, made_on: datetime.date, language: str = "en") -> bytes:
    """The sheet as a PDF. `groups` are the code's seven groups of four, `qr_svg` a drawing of the link with the code in it."""
    return set_page(_TEMPLATE, _data(groups, name, where, made_on, language, "sheet"), {"qr": qr_svg})


def kit_picture(groups: Sequence[str], name: str, where: str, qr_svg: str, made_on: datetime.date, language: str = "en") -> bytes:
    """The sheet as a PNG in the shape of a phone's screen, for those who would rather keep it among their photos."""
    return set_page(_TEMPLATE, _data(groups, name, where, made_on, language, "phone"), {"qr": qr_svg}, form="png")

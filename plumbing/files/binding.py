"""Pictures bound into one PDF, each on a sheet of A4, as they are: nothing is drawn again."""

from __future__ import annotations

import io
from collections.abc import Sequence

import img2pdf
import pikepdf

from plumbing.files.facts import Cleaned

_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))


def bind(title: str, jpegs: Sequence[bytes]) -> Cleaned:
    """One PDF of the pictures; upright or across, as each of them is."""
    layout = img2pdf.get_layout_fun(_A4, auto_orient=True)
    bound = img2pdf.convert(*[io.BytesIO(jpeg) for jpeg in jpegs], layout_fun=layout)
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        # img2pdf writes when it was made and with what, even when told not to.
        del pdf.trailer["/Info"]
        if title:
            pdf.docinfo["/Title"] = title
            pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return Cleaned("pdf", out.getvalue())

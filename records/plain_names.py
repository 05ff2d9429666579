"""Names for files on anybody's computer, made from titles that families wrote."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

_LONGEST = 80
# No file on Windows can have these in its name, and on other machines some of them lead into another folder.
_FORBIDDEN = frozenset('/\\:*?"<>|')
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}


def plain(text: str, otherwise: str = "_") -> str:
    """A title as the name of a file or folder, without its ending; `otherwise` where nothing of it can stay.

    >>> plain("Dr Khan: report 3/2/26"), plain("../../etc/passwd"), plain("NUL"), plain("\u202egpj.exe")
    ('Dr Khan report 3 2 26', 'etc passwd', 'NUL_', 'gpj.exe')
    """
    text = unicodedata.normalize("NFC", text)
    # Marks that cannot be seen turn the direction of a name, or make two names look the same.
    kept = (" " if c in _FORBIDDEN or c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    name = " ".join("".join(kept).split()).strip(". ")
    # A folder's name may have 255 bytes, and a letter may be four of them.
    name = name[:_LONGEST].encode()[: 2 * _LONGEST].decode(errors="ignore").strip(". ") or otherwise
    return f"{name}_" if name.split(".")[0].strip().casefold() in _RESERVED else name


@dataclass
class Names:
    """The names in one folder. Two that differ only in small and capital letters are the same file to many computers."""

    taken: set[str] = field(default_factory=set)

    def new(self, stem: str, ending: str = "") -> str:
        """A name that nothing else here has.

        >>> names = Names()
        >>> names.new("Letter", ".pdf"), names.new("LETTER", ".pdf"), names.new("Letter", ".jpg")
        ('Letter.pdf', 'LETTER (2).pdf', 'Letter.jpg')
        """
        number, name = 1, f"{stem}{ending}"
        while name.casefold() in self.taken:
            number += 1
            name = f"{stem} ({number}){ending}"
        self.taken.add(name.casefold())
        return name

"""Files from strangers, made safe: what cannot be is refused, and says why.

Everything that decodes runs in a process that has little memory, little time and no way out. No file touches a disk here.
"""

from plumbing.files.facts import MOST_BYTES, MOST_PDF_PAGES, MOST_SECONDS, REASONS, Cleaned, Picture, Refused

__all__ = ["MOST_BYTES", "MOST_PDF_PAGES", "MOST_SECONDS", "REASONS", "Cleaned", "Picture", "Refused"]

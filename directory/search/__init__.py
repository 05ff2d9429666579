"""Search: words, place, age and choices in; ordered services out, each with its distance and why it matched.

The rest of the directory uses `Finder` (finder.py), `Query` and `Page` (query.py) and nothing else of this folder.
"""

from directory.search.finder import Finder
from directory.search.query import Page, Query, Result

__all__ = ["Finder", "Page", "Query", "Result"]

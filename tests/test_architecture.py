"""The rules of the house, as sentences. Each failure names the file that broke one, and says what to do instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FEATURES = ("directory", "accounts", "records")
TOP = ("app", *FEATURES, "plumbing")
MAY_IMPORT = {
    "app": {*FEATURES, "plumbing"},
    "directory": {"accounts", "plumbing"},
    "records": {"accounts", "plumbing"},
    "accounts": {"plumbing"},
    "plumbing": set(),
}

# The heights of the directory, lowest first: a file may use its own height and lower ones.
FACTS = {
    *(f"directory.{name}" for name in "service organization location contact schedule cost referral category need guide".split()),
    *(f"directory.{name}" for name in "check checking report places grid identity desk document twins merging".split()),
    *(f"directory.{name}" for name in "shortlist leaflet booklet designated_contact contact_role".split()),
    *(f"directory.{name}" for name in "question unmet_need comment publication not_found synonym".split()),
    *(f"directory.{name}" for name in "cells feed.terms feed.naming feed.values feed.parts feed.documents feed.openapi".split()),
    *(f"directory.search.{name}" for name in "query words bitmap spelling vocabulary document understanding".split()),
    *(f"accounts.{name}" for name in "account person keys marks device passphrases naming".split()),
}
RECORD_FACTS = {
    *(f"records.{name}" for name in "entry age sections folding search timeline suggestion calendar".split()),
    *(f"records.kinds.{name}" for name in "field moment kind document about_me appointment diary health home".split()),
    *(f"records.kinds.{name}" for name in "letter meeting note person voice".split()),
    "records.clocks",
    *(f"records.clocks.{name}" for name in "rule working_days school_year plan_reviews running".split()),
    *(f"records.clocks.{name}" for name in "england wales scotland northern_ireland".split()),
}
PAGES = ("directory.pages", "directory.cli")
MAY_MENTION_SQLITE_UTILS = (
    "directory/store/",
    "directory/keeping/",
    "directory/pages/",
    "directory/search/bench",
    "directory/cli.py",
    "directory/exporting/",
    "directory/feed/reading.py",
    "directory/feed/bench.py",
    "directory/gazetteer.py",
    "directory/importing.py",
    "directory/migrations.py",
    "directory/reference.py",
    "directory/search/finder.py",
    "directory/search/keeper.py",
    "directory/setup.py",
)
LONGEST_FILE = 430
LONGEST_FUNCTION = 75


def _python_files(*tops: str) -> list[Path]:
    files = [ROOT / f"{top}.py" for top in tops] + [path for top in tops for path in (ROOT / top).rglob("*.py")]
    return sorted(path for path in files if path.is_file())


def _name(path: Path) -> str:
    """The dotted name of a module: directory/search/index.py is directory.search.index."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_name(path): path for path in _python_files(*TOP)}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imports(path: Path) -> set[str]:
    """Everything a file imports, by its full name, wherever in the file it does so."""
    found: set[str] = set()
    here = _name(path).split(".") if path.name == "__init__.py" else _name(path).split(".")[:-1]
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*here[: len(here) - node.level + 1], node.module or ""]).strip(".") if node.level else node.module
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found.add(whole if whole in MODULES else str(base))
    return found


def _is_under(name: str, *parents: str) -> bool:
    return any(name == parent or name.startswith(parent + ".") for parent in parents)


def _roads(name: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every chain of our own modules that begins at `name`, ending in what somebody else wrote."""
    for imported in sorted(_imports(MODULES[name])):
        if imported in MODULES and imported not in seen:
            yield from _roads(imported, (*seen, name))
        else:
            yield (*seen, name, imported)


def _each(names: set[str] | list[str] | dict[str, Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", sorted(names))


def _all_under(top: str) -> list[str]:
    return [name for name in MODULES if _is_under(name, top)]


def test_the_rules_below_are_about_files_that_exist():
    assert not (FACTS | RECORD_FACTS) - MODULES.keys(), "A fact was renamed or taken out: say so in FACTS."
    for start in MAY_MENTION_SQLITE_UTILS:
        assert any(str(path.relative_to(ROOT)).startswith(start) for path in MODULES.values()), f"{start} is not there."


@_each(MODULES)
def test_imports_point_downwards(name):
    top = name.split(".")[0]
    reached = {imported.split(".")[0] for imported in _imports(MODULES[name])} & set(TOP)
    upward = reached - MAY_IMPORT[top] - {top}
    assert not upward, f"{MODULES[name]} imports {upward}; {top} may import only {MAY_IMPORT[top] or 'itself'}."


@_each(_all_under("plumbing"))
def test_plumbing_imports_nothing_of_ours(name):
    ours = {imported for imported in _imports(MODULES[name]) if _is_under(imported, "app", *FEATURES)}
    assert not ours, f"{MODULES[name]} imports {ours}: plumbing knows no feature."


def test_nobody_imports_app_but_the_fixtures():
    files = [*MODULES.values(), *_python_files("tests"), ROOT / "gunicorn.conf.py"]
    importers = [path for path in files if any(_is_under(name, "app") for name in _imports(path))]
    allowed = {ROOT / "tests" / "conftest.py"}
    assert not set(importers) - allowed, "app.py lists the features and is imported by nobody: use the fixtures of conftest.py."


def test_only_the_index_imports_whoosh():
    importers = [str(path.relative_to(ROOT)) for path in MODULES.values() if any(_is_under(n, "whoosh") for n in _imports(path))]
    assert importers == ["directory/search/index.py"], "One file knows Whoosh, so that it can be replaced."


def test_only_one_file_knows_bank_holidays():
    importers = [
        str(path.relative_to(ROOT)) for path in MODULES.values() if any(_is_under(n, "holidays") for n in _imports(path))
    ]
    assert importers == ["records/clocks/working_days.py"], "One file knows the library, so that it can be replaced."


@_each(_all_under("directory"))
def test_only_those_who_keep_or_ask_rows_mention_sqlite_utils(name):
    place = str(MODULES[name].relative_to(ROOT))
    if not place.startswith(MAY_MENTION_SQLITE_UTILS):
        assert "sqlite_utils" not in MODULES[name].read_text("utf-8"), f"{place} mentions sqlite_utils: give it facts instead."


@_each(FACTS | RECORD_FACTS)
def test_facts_reach_neither_flask_nor_sql_by_any_road(name):
    for road in _roads(name):
        foreign = road[-1].split(".")[0]
        assert foreign not in {"flask", "sqlite3", "sqlite_utils", "whoosh"}, f"{MODULES[name]}: {' → '.join(road)}"
        assert not foreign.startswith("flask_"), f"{MODULES[name]}: {' → '.join(road)}"


@_each(FACTS)
def test_facts_import_no_machinery_and_no_pages(name):
    above = ("directory.store", "directory.search.finder", "directory.search.keeper", *PAGES)
    reached = {imported for imported in _imports(MODULES[name]) if _is_under(imported, *above)}
    assert not reached, f"{MODULES[name]} is a fact and imports {reached}."


@_each(RECORD_FACTS)
def test_what_an_entry_is_depends_on_no_keys_and_no_store(name):
    ours = {imported for imported in _imports(MODULES[name]) if _is_under(imported, *FEATURES)}
    others = {imported for imported in ours - RECORD_FACTS if not _is_under(imported, "records.kinds")}
    assert not others, f"{MODULES[name]} is a fact and imports {others}."


@_each([name for name in _all_under("directory") if name != "directory" and not _is_under(name, *PAGES)])
def test_machinery_imports_no_pages_and_no_commands(name):
    reached = {imported for imported in _imports(MODULES[name]) if _is_under(imported, *PAGES)}
    assert not reached, f"{MODULES[name]} imports {reached}: pages use machinery, never the other way round."


@_each(_all_under("directory.importers"))
def test_importers_import_neither_pages_nor_commands_nor_the_store(name):
    reached = {imported for imported in _imports(MODULES[name]) if _is_under(imported, *PAGES, "directory.store")}
    assert not reached, f"{MODULES[name]} imports {reached}: an importer reads and translates; importing.py saves."


def test_every_package_says_what_it_is_for():
    folders = {path.parent for path in MODULES.values()} - {ROOT}
    for folder in sorted(folders):
        init = folder / "__init__.py"
        assert init.is_file(), f"{folder} has no __init__.py."
        assert ast.get_docstring(_tree(init)), f"{init} has no docstring: say what the folder is for."


def test_no_init_file_stands_under_tests():
    assert not list((ROOT / "tests").rglob("__init__.py")), "tests/directory/__init__.py would hide the real directory."


def test_no_file_of_ours_is_too_long_to_take_in():
    written = [
        path for top in ("templates", "static") for path in (ROOT / top).rglob("*") if path.suffix in {".html", ".css", ".js"}
    ]
    for path in [*MODULES.values(), *_python_files("tests"), *written]:
        lines = len(path.read_text("utf-8").splitlines())
        assert lines <= LONGEST_FILE, f"{path} has {lines} lines, more than {LONGEST_FILE}: it wants to be two nouns."


@_each(MODULES)
def test_no_function_is_too_long_to_read_at_once(name):
    for node in ast.walk(_tree(MODULES[name])):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{MODULES[name]}: {node.name} has {lines} lines, more than {LONGEST_FUNCTION}."


_BROKEN = (
    ("import whoosh.index", {"whoosh.index"}),
    ("from directory import store", {"directory.store"}),
    ("from directory.store import add_check", {"directory.store"}),
    ("def f():\n    from flask import g", {"flask"}),
    ("from . import store", {"directory.store"}),
    ("import json as directory", {"json"}),
)


@pytest.mark.parametrize(("text", "expected"), _BROKEN, ids=[text.replace("\n", " ") for text, _ in _BROKEN])
def test_an_import_is_seen_however_it_is_written(monkeypatch, tmp_path, text, expected):
    path = tmp_path / "directory" / "broken.py"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert _imports(path) == expected


def test_no_file_of_ours_hides_an_import_in_a_text():
    for path in MODULES.values():
        hidden = re.findall(r"\b(?:import_module|__import__)\(", path.read_text("utf-8"))
        assert not hidden, f"{path} imports by name, where these rules cannot see it."

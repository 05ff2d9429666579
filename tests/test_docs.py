"""What is written about Linkbook is true and whole: commands, targets, settings, decisions, and whose data we use."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from plumbing.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DECISIONS = ROOT / "docs" / "decisions"
TARGETS = ("run", "demo", "test", "check", "format", "proof", "texts", "pictures")
LONGEST_DECISION = 80
LARGEST_PICTURE = 120_000
# Whose each file of data/reference is, and the words by which /about-the-data says so.
OURS = "our own words"
ATTRIBUTION = {
    "categories.csv": OURS,
    "category_groups.csv": OURS,
    "category_words.csv": OURS,
    "commonest_passphrases.txt": OURS,
    "contact_roles.csv": OURS,
    "crisis_words.txt": OURS,
    "demonstration": "invented",
    "gb_outcode_centroids.csv": "Contains OS data",
    "gb_sector_centroids.csv": "Contains OS data",
    "guides": OURS,
    "local_authorities.csv": "mySociety",
    "national_listings.csv": OURS,
    "national_organisations.csv": OURS,
    "needs.csv": OURS,
    "ni_outcode_approx.csv": "put together by hand by us",
    "synonyms.txt": OURS,
    "talk_now.csv": OURS,
    "towns.csv": "put together by hand by us",
    "words.txt": OURS,
}
ASKED_FOR = (
    "Contains OS data © Crown copyright and database right",
    "Contains Royal Mail data © Royal Mail copyright and database right",
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0",
    "Open Government Licence",
    "mySociety",
    "LG Inform Plus",
)


def _commands(group: click.Group, before: str = "flask") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        whole = f"{before} {name}"
        yield whole, command
        if isinstance(command, click.Group):
            yield from _commands(command, whole)


def _files() -> list[Path]:
    """Everything that is in git, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_every_command_says_what_it_does(app):
    found = dict(_commands(app.cli))
    assert {"flask setup", "flask directory import", "flask directory search", "flask directory reindex"} <= found.keys()
    for whole, command in found.items():
        assert command.get_short_help_str(), f"{whole} has no help: give it a docstring."
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert not parameter.hidden, f"{whole} hides {parameter.name}."


def test_every_command_is_in_the_readme(app):
    text = README.read_text("utf-8")
    lost = [whole for whole, command in _commands(app.cli) if not isinstance(command, click.Group) and whole not in text]
    assert not lost, f"README.md does not tell of {lost}."


def test_the_readme_promises_no_command_that_is_not_there(app):
    known = dict(_commands(app.cli))
    promised = set(
        re.findall(
            r"\bflask (?:directory(?: demonstration)?|accounts|demonstration|records|setup|tidy)(?: [a-z]+)?\b",
            README.read_text("utf-8"),
        )
    )
    words = {whole for whole in promised if not any(whole == name or whole.startswith(f"{name} ") for name in known)}
    assert not words, f"README.md tells of {words}, which no command is."


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_there_and_in_the_readme(target):
    assert re.search(rf"^{target}:.*## \S", (ROOT / "Makefile").read_text("utf-8"), re.M), f"make {target} has no help."
    assert f"make {target}" in README.read_text("utf-8"), f"README.md does not tell of make {target}."


@pytest.mark.parametrize("variable", [setting.metadata["env"] for setting in fields(Settings)])
def test_every_setting_is_in_the_readme(variable):
    assert variable in README.read_text("utf-8"), f"README.md does not tell of {variable}."


def test_no_setting_is_promised_that_nobody_reads():
    read = {setting.metadata["env"] for setting in fields(Settings)} | {"LINKBOOK_BIND", "LINKBOOK_PROOF"}
    promised = set(re.findall(r"LINKBOOK_[A-Z0-9_]+[A-Z0-9]", README.read_text("utf-8")))
    assert not promised - read


def test_the_readmes_pictures_are_there_small_and_in_words():
    shown = re.findall(r'<img src="([^"]+)"[^>]* alt="([^"]+)"', README.read_text("utf-8"))
    assert {path for path, _words in shown} == {f"docs/pictures/{picture.name}" for picture in (ROOT / "docs/pictures").iterdir()}
    for path, words in shown:
        assert (ROOT / path).stat().st_size <= LARGEST_PICTURE, f"{path} is too large for a phone: make pictures."
        assert len(words) > 20, f"{path} says nothing to somebody who cannot see it."


def test_the_readme_opens_with_the_people_it_serves():
    opening = README.read_text("utf-8")[:1500].lower()
    assert "parent" in opening or "famil" in opening


def test_each_decision_fits_on_a_page_with_a_title_and_a_status():
    pages = sorted(DECISIONS.glob("*.md"))
    assert pages, f"{DECISIONS} holds no decisions."
    for page in pages:
        lines = page.read_text("utf-8").splitlines()
        assert re.match(r"# \S", lines[0]), f"{page} begins with no title."
        assert any(re.match(r"\W*status\b\W*\w", line, re.IGNORECASE) for line in lines[:10]), f"{page} has no status line."
        assert len(lines) < LONGEST_DECISION, f"{page} has {len(lines)} lines: a decision is one page."
        assert re.match(r"\d{4}-[a-z0-9-]+$", page.stem), f"{page} should be called like 0001-what-we-decided.md."


def test_no_two_decisions_have_one_number():
    numbers = [page.name[:4] for page in DECISIONS.glob("*.md")]
    assert len(numbers) == len(set(numbers))


def test_nothing_we_keep_knows_this_machine():
    # Put together here, or this file would be the one that knows.
    paths = re.compile("(?<![\\w.])/" + "(?:work|root|home/[a-z]+)/")
    for path in _files():
        text = path.read_bytes().decode("utf-8", "ignore")
        found = paths.search(text)
        assert not found, f"{path} mentions {found[0] if found else ''}: no other machine has it."


def test_no_data_of_families_or_of_others_is_kept():
    kept = [path for path in _files() if (ROOT / "data" / "local") in path.parents or path.suffix in {".db", ".sqlite", ".pyc"}]
    assert not kept


def test_all_reference_data_says_whose_it_is(client):
    page = client.get("/about-the-data").text
    names = {path.name for path in (ROOT / "data" / "reference").iterdir()}
    assert names == ATTRIBUTION.keys(), "Say above whose each file is, and on /about-the-data."
    for name, words in ATTRIBUTION.items():
        assert words in page, f"/about-the-data does not say whose {name} is."


@pytest.mark.parametrize("words", ASKED_FOR)
def test_about_the_data_says_what_the_licences_ask_for(client, words):
    assert words in client.get("/about-the-data").text

"""Everything a page can find, and every job of the directory, from the command line: `flask directory ...` and `flask setup`."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _
from sqlite_utils import Database
from tqdm import tqdm

from directory import exporting, importing, reference, setup, store, wording
from directory.feed import bench as feed_bench
from directory.importers import UnreadableError
from directory.keeping import (
    imports,
    imports_bench,
    invented,
    invented_contacts,
    invented_desk,
    invented_news,
    postcodes,
    searches_bench,
)
from directory.pages.asking import comments, questions
from directory.pages.blueprint import database, finder, settings
from directory.pages.desk import bench as desk_bench
from directory.pages.desk.imports import workshop
from directory.paper import bench as paper_bench
from directory.search import Query, bench
from directory.search.evaluate import Listing, evaluate, read_queries
from plumbing.settings import Settings

group = AppGroup("directory", help="Find services, import listings, and keep the search index.")


def init_app(app: Flask, _settings: Settings) -> None:
    """Add the commands."""
    app.cli.add_command(group)
    app.cli.add_command(set_up_command)


@click.command("setup")
@with_appcontext
@click.option("--demonstration", is_flag=True, help="Bring the invented demonstration area back after it was taken out.")
def set_up_command(demonstration: bool) -> None:
    """Fill the directory from data/reference, or bring it up to date. Safe to run again."""
    db = database()
    loaded = setup.set_up(db, with_demonstration=demonstration or None)
    if loaded:
        click.echo(f"Loaded: {', '.join(loaded)}.")
    else:
        click.echo("The directory is up to date.")
    finder().search(db, Query(size=1))  # builds or brings up the index now, and not at the first family's visit
    counts = store.counts_by_source(db)
    click.echo(f"{sum(counts.values())} services are shown.")
    if settings().demonstration_family:
        _fill_invented(db)


def _fill_invented(db: Database) -> None:
    """Where everybody is invented: what they asked and said, too."""

    def find(words: str) -> list[str]:
        return [result.id for result in finder().search(db, Query(words=words)).results]

    receipt = invented.fill(db, questions(), comments(), find)
    if receipt:
        click.echo(f"An invented question was answered: reference {receipt.reference}, PIN {receipt.pin}, at /ask/answer.")
    if invented_news.fill(db, find):
        click.echo("An invented newsletter was published, at /news.")
    if invented_desk.fill(db, workshop()):
        finder().search(db, Query(size=1))
        click.echo("The desk of an information officer was laid with invented work.")
    if invented_contacts.fill(db, settings()):
        click.echo("Invented people in agencies were written down, for staff to find.")


@group.command("import")
@click.argument("path")
@click.option("--format", "format_", type=click.Choice(["auto", *importing.FORMATS]), default="auto", show_default=True,
              help="What the file, folder or address holds.")  # fmt: skip
@click.option("--source", default="", help="What to call the publisher; by default named after the path.")
def import_command(path: str, format_: str, source: str) -> None:
    """Import listings from PATH: a file, a folder, or an http(s) address. All or nothing, and undone at the desk if need be.

    What officers changed stays as they left it. Nothing is retired: look at a preview at the desk for that.
    """
    db = database()
    try:
        with tqdm(total=0, unit=" services", desc="Importing") as bar:
            result = imports.at_once_from(
                db, workshop(), path, _("Terminal"), format_=format_, source=source, progress=_onto(bar)
            )
    except UnreadableError as error:
        raise click.ClickException(str(error)) from None
    except sqlite3.OperationalError as error:
        raise click.ClickException(f"Nothing was imported: {error}. Try again when nothing else is writing.") from None
    for title, remarks in (("Refused:", result.refused), ("To know:", result.remarks)):
        if remarks:
            click.echo(title)
            for line in importing.remarks_in_words(remarks, most=200 if title == "Refused:" else 20):
                click.echo(line)
    click.echo("Indexing ...")
    finder().search(db, Query(size=1))
    click.echo(
        f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged, {len(result.refused)} refused "
        f"(source {result.source}, format {result.format})."
    )


def _onto(bar: Any) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return progress


@group.group("demonstration")
def demonstration() -> None:
    """The invented listings of the demonstration area."""


@demonstration.command("remove")
def remove_demonstration() -> None:
    """Take out every invented listing; `flask setup --demonstration` brings them back."""
    db = database()
    count = setup.remove_demonstration(db)
    finder().search(db, Query(size=1))
    click.echo(f"{count} demonstration listings were taken out.")


@group.command("reindex")
def reindex() -> None:
    """Build the search index anew from the database. The old one answers until the new one is ready."""
    click.echo(f"{finder().rebuild(database())} documents indexed.")


@group.command("search")
@click.argument("words", default="")
@click.option("--near", default="", help="A postcode, town or council.")
@click.option("--age", type=float, help="In years; 0.5 is six months.")
@click.option("--category", "categories", multiple=True, help="A category's slug; may be given again.")
@click.option("--need", "needs", multiple=True, help="A need's slug; may be given again.")
@click.option("--free", is_flag=True, help="Only what is free.")
@click.option("--delivery", multiple=True, type=click.Choice(["in_person", "online", "phone", "home"]), help="How it is given.")
@click.option("--referral", multiple=True, help="A kind of referral route: self, gp, school ...")
@click.option("--within", type=int, help="Miles; help without a distance stays in.")
@click.option("--sort", type=click.Choice(["best", "nearest"]), default="best", show_default=True)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option("--size", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def search_command(words: str, near: str, categories: tuple[str, ...], needs: tuple[str, ...], delivery: tuple[str, ...],
                   referral: tuple[str, ...], as_json: bool, **simple: Any) -> None:  # fmt: skip
    """Find services for WORDS, as a page would."""
    db = database()
    query = Query(
        words=words,
        place=near,
        categories=frozenset(categories),
        needs=frozenset(needs),
        delivery=frozenset(delivery),
        referral=frozenset(referral),
        **simple,
    )
    answer = _answer(db, query)
    if as_json:
        click.echo(json.dumps(answer, indent=1, ensure_ascii=False))
        return
    for chip in answer["understood"]:
        click.echo(f"[{chip}]")
    for correction in answer["corrections"]:
        click.echo(f"{correction['typed']} was read as {correction['meant']}.")
    if answer["relaxed"]:
        click.echo("Few listings have all of your words; these have most of them.")
    click.echo(f"{answer['total']} services")
    for number, result in enumerate(answer["results"], start=(query.page - 1) * query.size + 1):
        far = f", {wording.distance(result['miles'])}" if result["miles"] is not None else ""
        click.echo(f"{number:3}. {result['name']} ({result['where']}{far})")
    for guide in answer["guides"]:
        click.echo(f"Guide: {guide['title']}")


def _answer(db: Database, query: Query) -> dict[str, Any]:
    page = finder().search(db, query)
    services = {service.id: service for service in store.get_shown_services(db, [result.id for result in page.results])}
    guides = reference.get_guides(db)
    understood = page.understood
    return {
        "words": understood.words,
        "understood": [
            *([f"near {understood.place.label}"] if understood.place else []),
            *([f"age {understood.age:g}"] if understood.age is not None else []),
            *([f"we do not know the place {understood.unknown_place}"] if understood.unknown_place else []),
            *(["crisis"] if understood.crisis else []),
        ],
        "corrections": [{"typed": correction.typed, "meant": correction.meant} for correction in page.corrections],
        "relaxed": page.relaxed,
        "dropped": list(page.dropped),
        "total": page.total,
        "results": [
            {
                "id": result.id,
                "name": services[result.id].name,
                "where": services[result.id].city or wording.reach(result.reach),
                "reach": result.reach,
                "miles": None if result.miles is None else round(result.miles, 1),
                "score": round(result.score, 2),
                "categories": list(services[result.id].categories),
                "why": {
                    "words": list(result.why.words),
                    "meaning": [list(pair) for pair in result.why.meaning],
                    "category": result.why.category,
                },
            }
            for result in page.results
            if result.id in services
        ],
        "facets": page.facets,
        "guides": [{"slug": slug, "title": guides[slug].title} for slug in page.guides if slug in guides],
    }


@group.command("evaluate")
@click.argument("queries", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Counts and failures as JSON.")
def evaluate_command(queries: Path, as_json: bool) -> None:
    """Ask every typed query of a judged list, and count how many are answered by the first results."""
    db = database()

    def find(query: Query) -> list[Listing]:
        found = store.get_shown_services(db, [result.id for result in finder().search(db, query).results])
        return [Listing(s.name, frozenset(s.categories), f"{s.name} {s.description}") for s in found]

    try:
        counts = evaluate(read_queries(queries), find)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(counts, indent=1, ensure_ascii=False))
        return
    for failure in counts["failed"]:  # type: ignore[attr-defined]
        place = f"answered at {failure['answered_at']}" if failure["answered_at"] else "not answered"
        click.echo(
            f"{failure['id']} {failure['query']!r}: {place}; wanted {', '.join(failure['wanted'])}; found {failure['found']}"
        )
    for depth in (1, 3, 10):
        click.echo(f"answered in the first {depth}: {counts[f'answered_at_{depth}']} of {counts['queries']}")


@group.command("import-postcodes")
def import_postcodes() -> None:
    """Load every postcode from an installed package: nearer distances, and the right council. Safe to run again."""
    db = database()
    try:
        folder = postcodes.package_folder()
        with tqdm(total=0, unit=" files", desc="Loading") as bar:
            count = postcodes.load(db, folder, progress=_onto(bar))
    except postcodes.NoPostcodesError as error:
        raise click.ClickException(str(error)) from None
    finder().search(db, Query(size=1))
    click.echo(f"{count} postcodes are loaded.")


@group.command("bench")
@click.option("--sizes", default="1000,10000,100000", show_default=True, help="How many services to make, separated by commas.")
@click.option("--feed", "of_feed", is_flag=True, help="Measure pages of the open feed instead, beside a bare SELECT.")
@click.option("--imports", "of_imports", type=click.Path(exists=True, path_type=Path), help="Measure importing PATH instead.")
@click.option("--counting", "of_counting", is_flag=True, help="Measure what counting failed searches costs instead.")
@click.option("--desk", "of_desk", is_flag=True, help="Measure the desk's first page instead, with the listings that are there.")
def bench_command(sizes: str, of_feed: bool, of_imports: Path | None, of_counting: bool, of_desk: bool) -> None:
    """Measure our search beside SQLite FTS5 doing the same work, on made-up services, in one run."""
    if of_desk:
        desk_bench.run(database(), click.echo)
        return
    if of_counting:
        searches_bench.run(database(), finder(), click.echo)
        return
    if of_imports:
        imports_bench.run(of_imports, click.echo)
        return
    if not re.fullmatch(r"[1-9][0-9]{0,6}(,[1-9][0-9]{0,6})*", sizes):
        raise click.BadParameter("give whole numbers with commas between them, like 1000,10000", param_hint="--sizes")
    (feed_bench if of_feed else bench).run([int(size) for size in sizes.split(",")], click.echo)


@group.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "format_", type=click.Choice(["auto", *exporting.FORMATS]), default="auto", show_default=True,
              help="By default as PATH ends: .json, .ndjson, .zip (HSDS tables) or .csv (a spreadsheet).")  # fmt: skip
def export_command(path: Path, format_: str) -> None:
    """Write every shown listing to the file PATH, as the open feed says it. A file that is there is written anew."""
    endings = {f".{one.ending}": name for name, one in exporting.FORMATS.items()}
    chosen = endings.get(path.suffix.lower(), "") if format_ == "auto" else format_
    if not chosen:
        raise click.BadParameter(f"end it with one of {', '.join(endings)}, or say --format", param_hint="PATH")
    # Beside it first: a full disk leaves the old file as it was.
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            count = exporting.export(database(), chosen, file)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise click.ClickException(f"{path} could not be written: {error.strerror or error}.") from None
    click.echo(f"{count} services written to {path} ({chosen}).")


@group.command("paper")
@click.option("--sizes", default="300,4000", show_default=True, help="How many services a booklet has, separated by commas.")
def paper_command(sizes: str) -> None:
    """Measure how long a leaflet and booklets take, and how much memory, of the listings that are there."""
    if not re.fullmatch(r"[1-9][0-9]{0,4}(,[1-9][0-9]{0,4})*", sizes):
        raise click.BadParameter("give whole numbers with commas between them, like 300,4000", param_hint="--sizes")
    db = database()
    services = store.get_shown_services(db, store.all_service_ids(db))
    if not services:
        raise click.ClickException("There is no listing to print: run flask setup.")
    paper_bench.run(services, [int(size) for size in sizes.split(",")], click.echo)


@group.command("reports")
def reports() -> None:
    """What families told us is wrong, newest first."""
    found = store.list_reports(database())
    for row in found:
        click.echo(f"{row['id']}. {row['received_at'][:16]} {row['service_name']} ({row['topic']}, {row['status']})")
        click.echo(f"   {_printable(row['words'])}")
        if row["reply_to"]:
            click.echo(f"   Answer to: {_printable(row['reply_to'])}")
    if not found:
        click.echo("Nobody has told us that anything is wrong.")


def _printable(text: str) -> str:
    """The public's words without what could steer a terminal or forge a line."""
    return "".join(c if c.isprintable() else " " for c in text)

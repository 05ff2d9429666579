"""The command line finds what a page finds, and does every job in words."""

import json
from dataclasses import replace

import pytest

from directory import store
from directory.keeping import editing, imports
from directory.keeping.imports import Workshop
from directory.store import imports as rows
from plumbing.fetching import Limits


def test_setup_says_what_it_did(runner):
    result = runner.invoke(args=["setup"])
    assert result.exit_code == 0
    assert "up to date" in result.output


def test_search_prints_what_was_understood_and_found(runner):
    output = runner.invoke(args=["directory", "search", "autism groups near Alnwick for a 7 year old"]).output
    assert "[near Alnwick]" in output
    assert "[age 7]" in output
    assert "  1. " in output


def test_search_as_json_is_the_page_s_answer(runner):
    args = ["directory", "search", "swiming", "--near", "Hexham", "--age", "7", "--category", "leisure-clubs", "--json"]
    answer = json.loads(runner.invoke(args=args).output)
    assert answer["corrections"] == [{"typed": "swiming", "meant": "swimming"}]
    assert answer["total"] == len(answer["results"]) or answer["total"] > 10
    assert all("leisure-clubs" in result["categories"] for result in answer["results"])
    assert answer["results"][0]["miles"] is not None
    assert answer["results"][0]["why"]["words"] == ["swimming"]
    assert answer["facets"]["category"]


@pytest.mark.parametrize("words", ["", "*", "--", "'; DROP TABLE", "\x01"])
def test_search_takes_any_words(runner, words):
    assert runner.invoke(args=["directory", "search", "--", words]).exit_code == 0


def test_evaluate_counts_as_json(runner, tmp_path):
    path = tmp_path / "q.tsv"
    path.write_text("id\tquery\tcategories\tgood_result_contains_any\n1\tsleep\tsleep\tsleep\n2\tqqqxyz\tsleep\tsleep\n")
    counts = json.loads(runner.invoke(args=["directory", "evaluate", str(path), "--json"]).output)
    assert {key: counts[key] for key in counts if key != "failed"} == {
        "queries": 2,
        "answered_at_1": 1,
        "answered_at_3": 1,
        "answered_at_10": 1,
    }
    assert [failure["query"] for failure in counts["failed"]] == ["qqqxyz"]
    assert "not answered" in runner.invoke(args=["directory", "evaluate", str(path)]).output


def test_import_says_what_it_did_and_why_not(runner, tmp_path):
    path = tmp_path / "feed.json"
    path.write_text(
        json.dumps([{"id": "1", "name": "Okapi club", "status": "active"}, {"id": "2", "name": "", "status": "active"}])
    )
    output = runner.invoke(args=["directory", "import", str(path)]).output
    assert "1 added, 0 changed, 0 unchanged, 1 refused" in output
    assert "service 2: It has no name." in output
    assert "1 services" in runner.invoke(args=["directory", "search", "okapi"]).output
    assert "0 added, 0 changed, 1 unchanged, 1 refused" in runner.invoke(args=["directory", "import", str(path)]).output


def test_an_import_by_the_terminal_keeps_what_officers_changed_and_is_undone_at_the_desk(own_app, own_db, tmp_path):
    runner, shop = own_app.test_cli_runner(), Workshop(tmp_path / "shop", Limits())
    path = tmp_path / "okapis.json"

    def bring(**changes):
        path.write_text(json.dumps([{"id": "1", "name": "Okapi club", "status": "active", "fees": "£1"} | changes]))
        return runner.invoke(args=["directory", "import", str(path)]).output

    def club():
        return store.get_services(own_db, [store.id_of_source(own_db, "okapis", "1")])[0]

    assert "1 added" in bring()
    editing.save(own_db, replace(club(), fees="£9"), "Beth", "rang them")
    assert "1 changed" in bring(description="Okapis meet.", fees="£2")
    assert (club().fees, club().description) == ("£9", "Okapis meet.")
    assert [revision.who for revision in store.revisions(own_db, club().id)] == ["Terminal", "Beth", "Terminal"]
    job = rows.list_jobs(own_db)[0]
    assert (job.status, job.name, job.changed) == ("applied", "okapis.json", 1)
    imports.ask(own_db, job.id, "undoing", if_="applied")
    imports.work(own_db, shop)
    assert (club().fees, club().description) == ("£9", "")


def test_a_file_that_cannot_be_read_leaves_no_import_behind(own_app, own_db, tmp_path):
    path = tmp_path / "none.json"
    path.write_text("{}")
    assert own_app.test_cli_runner().invoke(args=["directory", "import", str(path)]).exit_code == 1
    assert rows.list_jobs(own_db) == []


@pytest.mark.parametrize("args", [["directory", "import", "/no/such/file"], ["directory", "evaluate", "/no/such/file"]])
def test_a_path_that_is_not_there_is_said_without_a_traceback(runner, args):
    result = runner.invoke(args=args)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert "/no/such/file" in result.output


def test_reindex_counts_documents(runner):
    assert "documents indexed" in runner.invoke(args=["directory", "reindex"]).output


def test_bench_measures_both_and_prints_their_ratio(runner):
    output = runner.invoke(args=["directory", "bench", "--sizes", "200"]).output
    for words in ("Linkbook", "SQLite FTS5", "cold pass", "MB on disk", "one listing changed and seen", "p95 of ours to FTS5's"):
        assert words in output

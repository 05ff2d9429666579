"""Whatever is asked, the feed answers: dice thrown over its own OpenAPI document, never a 500, and always a valid answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "0", "1", "-1", "²", "1e9", "nan", "inf", "true", "null", "%00", "NE66 1AB", "2026-11-22", "' OR 1=1", "*"]
    ),
    st.integers().map(str),
    st.datetimes().map(str),
    st.uuids().map(str),
)


def sensible(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Values that the document allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.sampled_from(["true", "false"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"]).map(str)
    if schema["type"] == "number":
        return st.integers(1, schema["maximum"]).map(str)
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda one: f"{one.replace(microsecond=0).isoformat()}Z")
    letters = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
    return st.text(letters, max_size=min(40, schema["maxLength"]))


@pytest.fixture(scope="module")
def document(app):
    return app.test_client().get("/api/openapi.json").get_json()


def lists(document) -> list[tuple[str, dict[str, dict[str, Any]]]]:
    known = document["components"]["parameters"]
    return [
        (path, {name: known[name]["schema"] for one in verbs["get"]["parameters"] if (name := one["$ref"].split("/")[-1])})
        for path, verbs in document["paths"].items()
        if verbs["get"]["parameters"] and "{" not in path
    ]


def ask(app, path: str, asked: dict[str, str]):
    app.extensions.pop("feed_limits", None)
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in asked.items())
    return app.test_client().get(f"/api{path}?{query}")


def valid(checker, document, path: str, answer) -> None:
    if answer.mimetype == "application/x-ndjson":
        return
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert not checker.wrong(schema.rsplit("/", 1)[-1].removesuffix(".json"), answer.get_json())


CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@CALM
@given(data=st.data())
def test_whatever_the_document_allows_is_answered(app, checker, document, data):
    path, schemas = data.draw(st.sampled_from(lists(document)))
    names = data.draw(st.lists(st.sampled_from(sorted(schemas.keys() - {"postcode", "proximity"})), unique=True, max_size=5))
    answer = ask(app, path, {name: data.draw(sensible(schemas[name])) for name in names})
    assert answer.status_code == 200, answer.text
    valid(checker, document, path, answer)


@CALM
@given(data=st.data())
def test_whatever_is_sent_is_answered_or_refused_by_name(app, checker, document, data):
    path, schemas = data.draw(st.sampled_from(lists(document)))
    asked = data.draw(st.dictionaries(st.sampled_from([*schemas, "colour", "²"]), ODD, max_size=5))
    try:
        answer = ask(app, path, asked)
    except UnicodeEncodeError:  # half a character cannot be written into an address
        return
    assert answer.status_code in {200, 400}, answer.text
    if answer.status_code == 400:
        assert answer.get_json()["parameter"] in asked
    else:
        valid(checker, document, path, answer)


def test_the_document_names_every_route_of_the_feed(app, document):
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    named = {f"/api{path}" for path in document["paths"]} | {"/api/openapi.json", "/api/about"}
    assert {rule.split("<")[0] for rule in rules} == {path.split("{")[0] for path in named}


def test_the_document_points_only_at_what_is_there(document, checker):
    def references(value: Any):
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    for reference in references(document):
        if reference.startswith("#/"):
            here: Any = document
            for part in reference[2:].split("/"):
                here = here[part]
        else:
            assert reference.rsplit("/", 1)[-1].removesuffix(".json") in checker.names

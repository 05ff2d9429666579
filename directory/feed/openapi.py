"""What the feed answers, as an OpenAPI document: read by programs, by our own tests, and by the page for developers."""

from __future__ import annotations

from typing import Any

from directory.feed.terms import Document

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/3.0-uk/"
SCHEMAS = "https://openreferraluk.org/specifications/3.0/schema/"
_ID = {"type": "string", "format": "uuid"}


def api_details(base: str) -> Document:
    """The first thing that a program reads: which standard this is, and where it is described."""
    return {"version": VERSION, "profile": PROFILE, "openapi_url": f"{base}/openapi.json", "documentation_url": f"{base}/about"}


def _parameter(name: str, words: str, schema: dict[str, Any]) -> Document:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}


def _parameters(most_a_page: int, usual: int, last_page: int, longest: int, farthest: int) -> dict[str, Document]:
    text = {"type": "string", "maxLength": 200, "pattern": "^[^\\u0000]*$"}
    flag = {"type": "boolean"}
    found = [
        _parameter("search", "Words, as a family would type them. Best match first.", text | {"maxLength": longest}),
        _parameter("text", "What `search` was called in Open Referral UK 1.0.", text | {"maxLength": longest}),
        _parameter("page", "Which page, from 1. One beyond the last is empty.", _whole(last_page, 1)),
        _parameter(
            "per_page", f"How many on a page: {usual} unless asked for, {most_a_page} at most.", _whole(most_a_page, usual)
        ),
        _parameter("format", "`ndjson`: everything, a line each, without pages.", {"type": "string", "enum": ["json", "ndjson"]}),
        _parameter("taxonomy_term_id", "A term: its id, our slug, or an id of the LGA’s list like `esdServiceType:1790`.", text),
        _parameter("taxonomy_id", "A taxonomy: services that carry any term of it.", text),
        _parameter("organization_id", "An organisation: the services it runs.", text),
        _parameter(
            "modified_after",
            "A day or a moment: what came, changed or was checked here since then.",
            {"type": "string", "format": "date-time"},
        ),
        _parameter("minimal", "Only id, name, status and last_modified; all on one page unless `per_page` is given.", flag),
        _parameter("full", "Everything nested.", flag),
        _parameter("full_service", "The services of an organisation with everything nested.", flag),
        _parameter("top_only", "Only terms that stand under no other. None of ours does.", flag),
        _parameter("parent_id", "Only terms under this one.", text),
        _parameter("postcode", "A UK postcode, or its first half: nearest first.", text | {"maxLength": 20}),
        _parameter(
            "proximity",
            "With a postcode: no farther than this many metres.",
            {"type": "number", "exclusiveMinimum": 0, "maximum": farthest},
        ),
    ]
    return {parameter["name"]: parameter for parameter in found}


def _whole(most: int, usual: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual}


_PAGED = ("page", "per_page", "format")
_CHOSEN = ("search", "text", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full")
# path: what it gives, its schema, and the parameters it takes.
_LISTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "/services": ("Services", "service_list", (*_CHOSEN, "minimal", *_PAGED)),
    "/organizations": (
        "Organisations that run a service",
        "organization_list",
        ("search", "text", "full", "full_service", *_PAGED),
    ),
    "/service_at_locations": (
        "Services at the places where they happen",
        "service_at_location_list",
        (*_CHOSEN, "postcode", "proximity", *_PAGED),
    ),
    "/taxonomies": ("Taxonomies", "taxonomy_list", ("search", "text", *_PAGED)),
    "/taxonomy_terms": (
        "Terms of taxonomies",
        "taxonomy_term_list",
        ("search", "text", "taxonomy_id", "top_only", "parent_id", *_PAGED),
    ),
}
_ONES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "/services/{id}": ("One service with everything that hangs on it", "service", ()),
    "/organizations/{id}": ("One organisation with its services", "organization", ("full_service",)),
    "/service_at_locations/{id}": ("One service at one place", "service_at_location", ()),
    "/taxonomies/{id}": ("One taxonomy with its terms", "taxonomy", ()),
    "/taxonomy_terms/{id}": ("One term", "taxonomy_term", ()),
}
DOWNLOADS = {
    "/services.csv": ("Every service as a spreadsheet, a row each", "text/csv"),
    "/hsds.zip": ("Every service as HSDS tables", "application/zip"),
    "/services.json": ("Every service with everything nested, in one file", "application/json"),
}
# Properties of our own, which Open Referral UK has no field for.
OURS: dict[str, Any] = {
    "categories": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Slugs of our categories, what it is most first.",
    },
    "needs": {"type": "array", "items": {"type": "string"}, "description": "Slugs of the conditions it is for."},
    "delivery": {"type": "array", "items": {"enum": ["in_person", "online", "phone", "home"]}},
    "reach": {"enum": ["area", "county", "national"], "description": "How far it reaches."},
    "term": {"enum": ["term_time", "holidays", "all_year"], "description": "When in the year."},
    "free": {"type": "boolean", "description": "Left out where nobody said."},
    "wait_time": {"type": "string"},
    "opening_hours": {"type": "string"},
    "referral_route": {
        "type": "object",
        "properties": {
            "kinds": {
                "type": "array",
                "items": {"enum": ["self", "gp", "school", "social_worker", "health_visitor", "assessment", "ehc_plan"]},
            },
            "steps": {"type": "array", "items": {"type": "object", "required": ["ask"]}},
        },
    },
    "demonstration": {"const": True, "description": "This listing is invented: do not show it to anybody as if it were real."},
}


def openapi(base: str, licence: str, *, most_a_page: int, usual: int, last_page: int, longest: int, farthest: int) -> Document:
    """The whole document, for a feed at the address `base`."""
    known = _parameters(most_a_page, usual, last_page, longest, farthest)
    paths: dict[str, Any] = {"/": {"get": _operation("What this is", "getApiDetails", _json(_official("api_details")), ())}}
    for path, (words, schema, names) in _LISTS.items():
        content = _json(_official(schema)) | {"application/x-ndjson": {"schema": {"type": "string"}}}
        paths[path] = {"get": _operation(words, f"list{_camel(path)}", content, names)}
    for path, (words, schema, names) in _ONES.items():
        content = _json({"$ref": "#/components/schemas/Service"} if schema == "service" else _official(schema))
        get = _operation(words, f"get{_camel(path.removesuffix('/{id}'))}ById", content, names, one=True)
        paths[path] = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": _ID}], "get": get}
    for path, (words, mimetype) in DOWNLOADS.items():
        paths[path] = {"get": _operation(words, f"download{_camel(path)}", {mimetype: {}}, ())}
    info: Document = {
        "title": "Linkbook",
        "version": VERSION,
        "description": "Open Referral UK 3.0 feed of a Linkbook directory.",
    }
    if licence:
        info["license"] = {"name": licence, "url": licence}
    return {
        "openapi": "3.1.0",
        "info": info,
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": base}],
        "paths": paths,
        "components": {
            "parameters": known,
            "schemas": {
                "Service": {"allOf": [_official("service"), {"type": "object", "properties": OURS}]},
                "Problem": {
                    "type": "object",
                    "required": ["title", "status", "detail"],
                    "properties": {
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "parameter": {"type": "string", "description": "The parameter that is wrong."},
                    },
                },
            },
        },
    }


def _official(name: str) -> Document:
    return {"$ref": f"{SCHEMAS}{name}.json"}


def _json(schema: Document) -> Document:
    return {"application/json": {"schema": schema}}


def _camel(path: str) -> str:
    return "".join(part.capitalize() for part in path.strip("/").replace(".", "_").split("_"))


def _operation(words: str, name: str, content: Document, parameters: tuple[str, ...], *, one: bool = False) -> Document:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: Document = {"200": {"description": words, "content": content}, "304": {"description": "Nothing has changed"}}
    responses |= (
        {"400": {"description": "A parameter is wrong; `parameter` says which", "content": problem}} if parameters else {}
    )
    responses |= {"404": {"description": "There is none of this id", "content": problem}} if one else {}
    responses["429"] = {"description": "Asked too often; wait a minute", "content": problem}
    return {
        "summary": words,
        "operationId": name,
        "parameters": [{"$ref": f"#/components/parameters/{parameter}"} for parameter in parameters],
        "responses": responses,
    }

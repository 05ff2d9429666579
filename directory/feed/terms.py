"""Our categories and needs as two taxonomies. Their ids follow from their slugs: the same in every Linkbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.category import Category
from directory.identity import derived_id
from directory.need import Need

Document = dict[str, Any]
# The LGA's list of services (esd standards), which aggregators sort by.
_ESD_PREFIX = "esdServiceType"
_ESD_URI = "http://id.esd.org.uk/service/"
_OURS = "linkbook"


def _taxonomy(kind: str, name: str, description: str) -> Document:
    return {"id": derived_id(_OURS, "taxonomy", kind), "name": name, "description": description}


CATEGORIES = _taxonomy("category", "Linkbook categories", "What kind of help it is, in plain English.")
NEEDS = _taxonomy("need", "Linkbook needs", "The condition or impairment that it is for.")
TAXONOMIES = (CATEGORIES, NEEDS)
OUR_TAXONOMIES = frozenset(taxonomy["name"] for taxonomy in TAXONOMIES)


@dataclass(frozen=True)
class Terms:
    """Every term of ours as a document, by slug."""

    categories: Mapping[str, Document] = field(default_factory=dict)
    needs: Mapping[str, Document] = field(default_factory=dict)

    @classmethod
    def of(cls, categories: Iterable[Category], needs: Iterable[Need]) -> Terms:
        """The terms of these categories and needs, in their order."""
        return cls({one.slug: _category(one) for one in categories}, {one.slug: _need(one) for one in needs})

    @property
    def all(self) -> list[Document]:
        """Categories, then needs."""
        return [*self.categories.values(), *self.needs.values()]

    def slugs(self, term: str) -> tuple[list[str], list[str]]:
        """The categories and needs that a term id, one of our slugs, or an id of the LGA's list means.

        > terms.slugs("esdServiceType:1790") -> (["short-breaks"], [])
        """
        wanted = term.strip().lower().removeprefix(_ESD_URI)
        curie = wanted if ":" in wanted else f"{_ESD_PREFIX}:{wanted}"

        def means(slug: str, document: Document) -> bool:
            listed = {one.lower() for one in document.get("esd_service_ids", ())}
            return wanted in {document["id"], slug} or curie.lower() in listed

        return (
            [slug for slug, document in self.categories.items() if means(slug, document)],
            [slug for slug, document in self.needs.items() if means(slug, document)],
        )


def _category(category: Category) -> Document:
    document = _term("category", CATEGORIES, category.slug, category.label, "; ".join(category.examples))
    if category.esd_service_ids:
        # One of ours may be several of theirs: the first names it, and all are there for whoever wants to match more closely.
        document["term_uri"] = f"{_ESD_URI}{category.esd_service_ids[0]}"
        document["esd_service_ids"] = [f"{_ESD_PREFIX}:{id_}" for id_ in category.esd_service_ids]
    return document


def _need(need: Need) -> Document:
    return _term("need", NEEDS, need.slug, need.label, need.sentence)


def _term(kind: str, taxonomy: Document, slug: str, label: str, description: str) -> Document:
    return {
        "id": derived_id(_OURS, kind, slug),
        "name": label,
        "description": description or label,
        "taxonomy": taxonomy["name"],
        "taxonomy_id": taxonomy["id"],
        "code": slug,
    }


def taxonomy_document(taxonomy: Document, terms: Terms) -> Document:
    """A taxonomy with its terms."""
    return taxonomy | {"taxonomy_terms": [term for term in terms.all if term["taxonomy_id"] == taxonomy["id"]]}

"""Finding help: the front page, the results, and browsing by category and need."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import abort, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory import gazetteer, reference, store, wording
from directory.category import Category
from directory.guide import Guide
from directory.need import Need
from directory.pages import address, staff_contacts, talk
from directory.pages.blueprint import blueprint, database, finder
from directory.pages.counting import count_if_failed
from directory.referral import KINDS
from directory.search import Page, Query, Result
from directory.search.query import RADII
from directory.search.words import terms
from directory.service import DELIVERIES, Service
from plumbing.access import public
from plumbing.paging import Paging

PAGE_SIZE = 10
# Places to start from when one does not know what to type.
_FRONT = ("autism-adhd", "short-breaks", "ehcp", "benefits", "sleep", "parent-groups", "leisure-clubs", "equipment")
# Who knows who can help when a search found nothing: SENDIASS, family information, and the charity for all of them.
_ASK = ("nat-114", "nat-113", "nat-001")


@dataclass(frozen=True)
class Card:
    """One service on a results page."""

    service: Service
    result: Result


@dataclass(frozen=True)
class Chip:
    """Something the answer was narrowed by, and the address without it."""

    words: str
    without: str
    from_words: bool = False


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """The front page: one question, and the ways in for those who do not know what to type."""
    categories = reference.get_categories(database())
    return render_template(
        "directory/home.html",
        categories=[categories[slug] for slug in _FRONT if slug in categories],
        needs=list(reference.get_needs(database()).values())[:8],
        query=Query(),
    )


@blueprint.get("/search")
@public
def results() -> ResponseReturnValue:
    """What a question found; the question stands in the address, so that it can be kept, shared and gone back to."""
    db = database()
    asked = address.read(request.args)
    query = asked.query
    page = finder().search(db, _sized(query))
    paging = Paging.of(page.total, PAGE_SIZE, query.page)
    if paging.page != query.page and page.total:
        query = address.replace(query, page=paging.page)
        page = finder().search(db, _sized(query))
    count_if_failed(query, page)
    cards = _cards(page)
    categories, needs = reference.get_categories(db), reference.get_needs(db)
    people = staff_contacts.beside(query.words) if paging.page == 1 else []
    kept = {name: value for name, value in address.parameters(query).items() if name not in {"q", "place", "page", "as_words"}}
    shared = {
        "kept": {name: value if isinstance(value, list) else [value] for name, value in kept.items()},
        "lines": talk.lines() if page.understood.crisis else [],
        "query": query,
        "page": page,
        "chips": _chips(query, page, categories, needs),
        "unknown_age": asked.unknown_age,
        "guides": _guides(page.guides),
        "meant_place": gazetteer.nearest_name(db, page.understood.unknown_place),
        "results_url": address.results_url,
        "as_typed": address.results_url(query, as_words=query.as_words | {"spelling"}),
        "categories": categories,
        "needs": needs,
        "people": people,
    }
    if staff_contacts.is_staff():
        # It may name people of whom no cache may know, and which have to go when the session locks.
        g.is_private = True
    if not page.total:
        return render_template("directory/nothing.html", **shared, **_instead(query, page))
    return render_template(
        "directory/results.html",
        cards=cards,
        paging=paging,
        choices=_choices(query, page, categories, needs),
        guide_first=_is_about(page),
        next_page=lambda number: address.results_url(query, page=number),
        **shared,
    )


def _sized(query: Query) -> Query:
    return address.replace(query, size=PAGE_SIZE)


def _cards(page: Page) -> list[Card]:
    # The rows come from the database, which also says whether a listing may be shown: an index can be behind.
    services = {service.id: service for service in store.get_shown_services(database(), [r.id for r in page.results])}
    return [Card(services[result.id], result) for result in page.results if result.id in services]


def _is_about(page: Page) -> bool:
    """Whether the first guide is about just what was asked ("whats dla"): then it comes before the services."""
    said = set(terms(page.understood.words))
    guide = next(iter(_guides(page.guides[:1])), None)
    return guide is not None and bool(said) and said <= set(terms(guide.title))


def _guides(slugs: tuple[str, ...]) -> list[Guide]:
    guides = reference.get_guides(database()) if slugs else {}
    return [guides[slug] for slug in slugs if slug in guides]


def _chips(query: Query, page: Page, categories: dict[str, Category], needs: dict[str, Need]) -> list[Chip]:
    url = address.results_url
    understood = page.understood
    chips = []
    if understood.place:
        label = _("Near %(place)s", place=understood.place.label)
        if understood.place_said:
            chips.append(Chip(label, url(query, as_words=query.as_words | {"place"}, within=None), from_words=True))
        else:
            chips.append(Chip(label, url(query, place="", within=None, sort="best")))
    if understood.age is not None:
        label = _("Age %(age)s", age=_short_age(understood.age))
        if understood.age_said:
            chips.append(Chip(label, url(query, as_words=query.as_words | {"age"}), from_words=True))
        else:
            chips.append(Chip(label, url(query, age=None)))
    for slug in sorted(query.categories & categories.keys()):
        chips.append(Chip(categories[slug].label, url(query, categories=query.categories - {slug})))
    for slug in sorted(query.needs & needs.keys()):
        chips.append(Chip(needs[slug].label, url(query, needs=query.needs - {slug})))
    for how in sorted(query.delivery):
        chips.append(Chip(wording.delivery(how), url(query, delivery=query.delivery - {how})))
    for kind in sorted(query.referral):
        chips.append(Chip(wording.referral_kind(kind), url(query, referral=query.referral - {kind})))
    for name in sorted(query.languages):
        chips.append(Chip(name, url(query, languages=query.languages - {name})))
    if query.free:
        chips.append(Chip(_("Free"), url(query, free=False)))
    if query.within and understood.place:
        chips.append(Chip(_("Within %(miles)d miles", miles=query.within), url(query, within=None)))
    return chips


def _short_age(age: float) -> str:
    return f"{age:g}" if age == int(age) else wording.age(age)


@dataclass(frozen=True)
class Choice:
    """One box that can be ticked under "More choices", with how many results have it."""

    name: str
    value: str
    words: str
    count: int
    chosen: bool


def _choices(query: Query, page: Page, categories: dict[str, Category], needs: dict[str, Need]) -> dict[str, list[Choice]]:
    facets = page.facets

    def some(kind: str, name: str, words: dict[str, str], chosen: frozenset[str], most: int) -> list[Choice]:
        counts = facets.get(kind, {})
        values = [value for value in counts if value in words][:most]
        values += sorted(value for value in chosen if value in words and value not in values)
        return [Choice(name, value, words[value], counts.get(value, 0), value in chosen) for value in values]

    return {
        "category": some("category", "category", {c.slug: c.label for c in categories.values()}, query.categories, 6),
        "need": some("need", "need", {n.slug: n.label for n in needs.values()}, query.needs, 6),
        "delivery": some("delivery", "delivery", {d: wording.delivery(d) for d in DELIVERIES}, query.delivery, 4),
        "referral": some("referral", "referral", {k: wording.referral_kind(k) for k in KINDS}, query.referral, 4),
        "language": some("language", "language", {name: name for name in facets.get("language", {})}, query.languages, 6),
        "within": [Choice("within", str(miles), _("%(miles)d miles", miles=miles), 0, query.within == miles) for miles in RADII],
    }


def _instead(query: Query, page: Page) -> dict[str, object]:
    """What to offer where nothing was found: the question made wider, categories that do have something, and who to ask."""
    db = database()
    understood = page.understood
    wider = []
    for words, changes in (
        (_("any distance"), {"within": None} if query.within else {}),
        (_("any age"), {"age": None, "as_words": query.as_words | {"age"}} if understood.age is not None else {}),
        (_("any cost"), {"free": False} if query.free else {}),
        (_("every category"), {"categories": frozenset()} if query.categories else {}),
        (_("every need"), {"needs": frozenset()} if query.needs else {}),
        (_("however it is given"), {"delivery": frozenset()} if query.delivery else {}),
        (_("any language"), {"languages": frozenset()} if query.languages else {}),
        (_("however one gets it"), {"referral": frozenset()} if query.referral else {}),
    ):
        if changes:
            found = finder().search(db, address.replace(query, page=1, **changes))
            if found.total:
                wider.append((words, found.total, address.results_url(query, **changes)))
    neighbours = _neighbours(query, page)
    ask_ids = [id_ for id_ in (store.id_of_source(db, "national", source_id) for source_id in _ASK) if id_]
    council = gazetteer.council_of(db, understood.place) if understood.place else None
    return {"wider": wider, "neighbours": neighbours, "ask": store.get_shown_services(db, ask_ids), "council": council}


def _neighbours(query: Query, page: Page) -> list[tuple[Category, int]]:
    """Up to six categories near the question that do have services: the likely ones first, then the fullest."""
    db = database()
    categories = reference.get_categories(db)
    everything = finder().search(db, Query(place=query.place, size=1)).facets.get("category", {})
    likely = [slug for slug in (*page.likely_categories, *query.categories) if slug in categories]
    groups = {categories[slug].group for slug in likely}
    beside = [slug for slug in everything if slug in categories and categories[slug].group in groups]
    slugs = dict.fromkeys([*likely, *beside, *everything])
    return [(categories[slug], everything[slug]) for slug in slugs if everything.get(slug) and slug in categories][:6]


@blueprint.get("/categories")
@public
def categories() -> ResponseReturnValue:
    """Every category, in groups, with how many services each has."""
    db = database()
    counts = finder().search(db, Query(size=1)).facets.get("category", {})
    groups: dict[str, list[Category]] = {}
    for category in reference.get_categories(db).values():
        groups.setdefault(category.group, []).append(category)
    return render_template(
        "directory/categories.html", groups=groups, counts=counts, needs=list(reference.get_needs(db).values())
    )


@blueprint.get("/categories/<slug>")
@public
def category(slug: str) -> ResponseReturnValue:
    """One category: what belongs there, its services, and the guides about it."""
    db = database()
    found = reference.get_categories(db).get(slug)
    if found is None:
        abort(404)
    query = Query(categories=frozenset({slug}), place=request.args.get("place", "")[:100], size=PAGE_SIZE)
    page = finder().search(db, query)
    guides = [guide for guide in reference.get_guides(db).values() if slug in guide.categories]
    return render_template(
        "directory/category.html",
        category=found,
        query=query,
        page=page,
        cards=_cards(page),
        guides=guides,
        results_url=address.results_url,
        categories=reference.get_categories(db),
    )


@blueprint.get("/needs/<slug>")
@public
def need(slug: str) -> ResponseReturnValue:
    """One need: what it is, who helps here and nationally, and where the official health information is."""
    db = database()
    found = reference.get_needs(db).get(slug)
    if found is None:
        abort(404)
    # Asked for by its name as well, so that a service for this need comes before one that merely takes it in.
    query = Query(
        words=found.label,
        needs=frozenset({slug}),
        place=request.args.get("place", "")[:100],
        size=100,
        as_words=frozenset({"place", "age", "spelling"}),
    )
    page = finder().search(db, query)
    cards = _cards(page)
    guides = [guide for guide in reference.get_guides(db).values() if slug in guide.needs]
    return render_template(
        "directory/need.html",
        need=found,
        query=query,
        page=page,
        local=[card for card in cards if card.service.reach != "national"][:PAGE_SIZE],
        national=[card for card in cards if card.service.reach == "national"],
        guides=guides,
        results_url=address.results_url,
        categories=reference.get_categories(db),
    )


@blueprint.get("/places/nearest")
@public
def nearest_place() -> ResponseReturnValue:
    """The outcode area around a phone's position, which the phone has rounded to about a mile before it sent it.

    > {"place": "NE66"}; {"place": null} where we know of none.
    """
    latitude, longitude = request.args.get("lat", ""), request.args.get("lon", "")
    number = re.compile(r"-?\d{1,3}(\.\d{1,2})?", re.ASCII)
    if not (number.fullmatch(latitude) and number.fullmatch(longitude)):
        abort(400)
    place = gazetteer.nearest_outcode(database(), float(latitude), float(longitude))
    return jsonify(place=place.label if place else None)

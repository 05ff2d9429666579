"""My list: services somebody keeps together, to ring, print or send. It lives in their browser; nothing of it is kept here.

The ids of services may tell much about a family. With script they travel in the body of a POST only, and in the part of an
address (after #) that no browser sends. Without script there is nowhere to keep a list but the address itself, so GET takes it,
too: it stands in nobody's log (`plumbing/server_log.py` writes no question), and no other site is told it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from accounts import square
from directory import store
from directory.pages.blueprint import blueprint, database
from directory.paper.essentials import Essentials, essentials
from directory.paper.leaflets import LOOKS, leaflet
from directory.search import Query
from directory.service import Service
from directory.shortlist import MOST, Shortlist
from plumbing import clock
from plumbing.access import public
from plumbing.addresses import outside
from plumbing.dates import date_in_words, months_after
from plumbing.limits import limiter

_A_MINUTE = "20 per minute"
_MONTHS = 6
# Services whose names on a phone that others look at could put somebody in danger.
_SAFETY = frozenset({"safeguarding-crisis"})


@dataclass(frozen=True)
class Row:
    """One service of the list; without `service` it is one that families are not shown any more."""

    id: str
    service: Service | None = None
    essentials: Essentials | None = None


def carried() -> tuple[str, ...]:
    """The list that this page's own address carries along, for those who have no script."""
    return Shortlist.of(request.args.getlist("s")).ids


def is_about_safety(service: Service) -> bool:
    """Whether somebody may be in danger where it is seen that they looked for this."""
    return bool(_SAFETY.intersection(service.categories)) or any(location.hides_address for location in service.locations)


def rows_of(kept: Shortlist) -> list[Row]:
    """The services of a list in its order, and those of which there is nothing to show any more."""
    # A listing that was merged into another is found there: its families kept it under its old id.
    now = {id_: store.moved_to(database(), id_) or id_ for id_ in kept.ids}
    services = {service.id: service for service in store.get_shown_services(database(), tuple(now.values()))}
    found = {id_: services[new] for id_, new in now.items() if new in services}
    return [Row(id_, found[id_], essentials(found[id_])) if id_ in found else Row(id_) for id_ in kept.ids]


def message_of(rows: list[Row]) -> str:
    """What is sent by the phone's own sheet: names, numbers with the day they were checked, and the list's address."""
    lines = []
    for row in rows:
        if row.essentials:
            number = next((one for one in row.essentials.numbers if one.kind in {"phone", "text", "web", "mail"}), None)
            beside = f" ({number.beside})" if number and number.beside else ""
            lines.append(f"{row.essentials.name}: {number.words}{beside}" if number else row.essentials.name)
    return "\n".join([*lines, address_of(rows)])


def address_of(rows: list[Row]) -> str:
    """Where the list can be seen on another phone. Behind # it is not sent to us when it is opened."""
    return f"{outside('directory.shortlist')}#{'.'.join(row.id for row in rows)}"


def _shown(kept: Shortlist) -> dict[str, object]:
    rows = rows_of(kept)
    return {
        "rows": rows,
        "listed": kept,
        "most": MOST,
        "looks": looks(),
        "message": message_of(rows) if rows else "",
        "query": Query(),
        "safety": any(row.service is not None and is_about_safety(row.service) for row in rows),
    }


def looks() -> list[tuple[str, str]]:
    """How a leaflet may look: its name, and words for it."""
    words = {"plain": _("Usual print"), "large": _("Large print"), "easy": _("Easy to read, with pictures")}
    return [(look, words[look]) for look in LOOKS]


@blueprint.get("/shortlist")
@public
def shortlist() -> ResponseReturnValue:
    """The list that the address names; with script, a page for the list that the browser keeps."""
    kept = Shortlist.of(request.args.getlist("s"))
    changed = kept.without(request.args.get("off", ""))
    changed = changed.moved(request.args.get("up", ""), -1).moved(request.args.get("down", ""), 1)
    if changed != kept:
        return redirect(url_for("directory.shortlist", s=changed.ids))
    return _quiet(Response(render_template("directory/shortlist.html", **_shown(kept))))


@blueprint.post("/shortlist")
@public
def show_shortlist() -> ResponseReturnValue:
    """The list that a browser keeps, for the page that asks with it. Nothing is written down."""
    return _quiet(jsonify(list=render_template("directory/_shortlist.html", **_shown(_sent()))))


@blueprint.post("/shortlist/leaflet")
@public
def shortlist_leaflet() -> ResponseReturnValue:
    """The list as a leaflet to print. Refused for more than fit: a list cut short would look whole on paper."""
    kept = _sent()
    shown = _shown(kept)
    services = [row.essentials for row in rows_of(kept) if row.essentials]
    if kept.left_out or not services:
        problem = (
            _("A list holds %(number)d services. Take some off, then make the leaflet.", number=MOST)
            if kept.left_out
            else _("There is nothing on this list that we can print.")
        )
        return _quiet(Response(render_template("directory/shortlist.html", problem=problem, **shown), 400))
    with limiter.limit(_A_MINUTE):
        pass
    pdf = leaflet(services, _words(), request.form.get("look", ""), square_of(rows_of(kept)), get_locale().language)
    answer = _quiet(Response(pdf, mimetype="application/pdf"))
    answer.headers["Content-Disposition"] = "inline; filename=my-list.pdf"
    return answer


def _sent() -> Shortlist:
    return Shortlist.of(request.form.getlist("s"))


def square_of(rows: list[Row]) -> str:
    """A square code that opens the list on a phone."""
    return square.for_paper(address_of(rows))


def _words() -> dict[str, str]:
    after = months_after(clock.today(), _MONTHS)
    return {
        "title": _("My list"),
        "introduction": _("Printed on %(day)s.", day=date_in_words(clock.today())),
        "draft": "",
        "after": _(
            "Things change. After %(day)s, look online: %(address)s",
            day=date_in_words(after),
            address=short_address("directory.home"),
        ),
        "foot": "",
        "square": _("A square code for a phone’s camera. It opens this list as it is today."),
        "scan": _("Scan to see it as it is today"),
        "empty": "",
    }


def short_address(endpoint: str, **values: object) -> str:
    """An address as one types it from paper."""
    return outside(endpoint, **values).partition("://")[2].rstrip("/")


def _quiet(answer: Response) -> Response:
    """Kept by no cache; and of the address with the list in it, only where it came from goes along with what is sent from here.

    (Not nothing at all: over https the check of a form's token wants to see that it came from us.)
    """
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer

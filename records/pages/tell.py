"""Tell it once: somebody new gets About me, the care plan and the people who help, in one step, in one of three ways."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.access import current_account, recent_passphrase, signed_in
from accounts.current import cost
from accounts.problems import explain
from plumbing.crypto.passphrase import Busy
from plumbing.dates import date_in_words, weekday_in_words
from records import editing, packs, paper, printed_plan, wording, young_people
from records.book import Section
from records.entry import Entry
from records.gate import Opened
from records.kinds import is_former
from records.kinds.plan import DROPPED
from records.pages.about_me import the_page
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.packs import GuestForm
from records.pages.paper import language, pdf, picture
from records.plan import plan_of

# What each of the three gives away, said before it is given.
GIVES_AWAY = {
    "about_me": _l("Who your child is, how to help, and what to do in an emergency. It says what is hard for them, too."),
    "care_plan": _l("What matters, what you want to change, and who does what by when. It says what is hard for you now."),
    "people": _l("Names and numbers of everybody who helps. Whoever reads it knows which services you have."),
}
# What is offered of each, the first of them ticked: the page, what the plan is made of, who helps now.
_TICKED = {"about_me": ("about_me",), "care_plan": ("need", "action"), "people": ("person",)}
_OFFERED = {"about_me": ("about_me", "voice", "note"), "care_plan": ("need", "action", "note", "letter"), "people": ("person",)}
# Names and numbers were promised: what else the family wrote of somebody who helps is given neither on paper nor by a link.
_NOT_TOLD = frozenset({"address", "keeps", "since", "copied_from", "saved_on"})


@dataclass(frozen=True)
class Part:
    """One of the three: its section, what of it can be given, and what is ticked before anybody has chosen."""

    section: Section
    entries: tuple[Entry, ...]
    ticked: tuple[str, ...]

    @property
    def gives_away(self) -> str:
        """What somebody learns from it."""
        return str(GIVES_AWAY[self.section.slug])


def _parts(opened: Opened) -> list[Part]:
    known = [one for slug in GIVES_AWAY if (one := opened.book.by_slug(slug))]
    everything = opened.entries([one.id for one in known])
    return [_part(opened, one, [entry for entry in everything if entry.section_id == one.id]) for one in known]


def _part(opened: Opened, section: Section, entries: list[Entry]) -> Part:
    given = [one for one in entries if one.kind in _OFFERED[section.slug] and not _is_over(opened, one)]
    # The page first, then what matters before its actions; people by name.
    given.sort(key=lambda one: (_OFFERED[section.slug].index(one.kind), wording.title(one.document).casefold(), one.id))
    return Part(section, tuple(given), tuple(one.id for one in given if one.kind in _TICKED[section.slug]))


def _is_over(opened: Opened, entry: Entry) -> bool:
    """What is no more: somebody who helped us once, or an action that was dropped."""
    if entry.kind == "person":
        return is_former(entry.document, opened.today)
    return entry.kind == "action" and entry.document.get("state") == DROPPED


@blueprint.get("/records/<id:record_id>/tell")
@signed_in()
def tell_once(record_id: str) -> ResponseReturnValue:
    """The three parts and what each gives away; the three ways and what each can take back."""
    opened = enter_as_holder(record_id)
    parts = _parts(opened)
    ids = [one.section.id for one in parts]
    return render_template(
        "records/tell/page.html",
        opened=opened,
        parts=parts,
        section_ids=ids,
        noes=young_people.noes_for(opened.book, ids),
    )


# By a link


@blueprint.get("/records/<id:record_id>/tell/pack")
@signed_in()
def tell_pack(record_id: str) -> ResponseReturnValue:
    """All three ticked, to be changed."""
    opened = enter_as_holder(record_id)
    parts = _parts(opened)
    return _pack_page(opened, parts, GuestForm(opened.today, _all(parts), [id_ for part in parts for id_ in part.ticked]))


@blueprint.post("/records/<id:record_id>/tell/pack")
@signed_in()
@recent_passphrase
def make_tell_pack(record_id: str) -> ResponseReturnValue:
    """Make one pack of what was ticked in all of them, and show what to pass on."""
    opened = enter_as_holder(record_id)
    parts = _parts(opened)
    form = GuestForm(opened.today, _all(parts), request.form.getlist("entries"))
    if not form.validate_on_submit():
        return _pack_page(opened, parts, form), 400
    if not form.ticked:
        form.form_errors.append(_("Tick at least one thing to show"))
        return _pack_page(opened, parts, form), 400
    try:
        given = packs.give(
            opened, form.order(entries=tuple(form.ticked), without=_NOT_TOLD), current_account().shown_name, cost()
        )
    except Busy as busy:
        problem = explain(busy)
        form.form_errors.append(problem.words)
        return _pack_page(opened, parts, form), problem.status, problem.headers
    return redirect(url_for("records.pack", record_id=record_id, pack_id=given.id))


def _all(parts: list[Part]) -> list[Entry]:
    return [entry for part in parts for entry in part.entries]


def _pack_page(opened: Opened, parts: list[Part], form: GuestForm) -> str:
    return render_template(
        "records/tell/pack.html",
        opened=opened,
        parts=parts,
        form=form,
        noes=young_people.noes_for(opened.book, [one.section.id for one in parts]),
        latest=weekday_in_words(packs.last_possible_day(opened.today)),
    )


# On paper


@blueprint.get("/records/<id:record_id>/tell.pdf")
@signed_in()
def tell_paper(record_id: str) -> ResponseReturnValue:
    """The three as one PDF, and a line in the log. `without` in the address leaves a section out; `large` for large print."""
    opened = enter_as_holder(record_id)
    without = set(request.args.getlist("without"))
    parts = {one.section.slug: one for one in _parts(opened) if one.section.id not in without}
    page = the_page(opened) if "about_me" in parts else None
    photo = picture(opened, page, page.document["photo"]["image"]) if page and page.document.get("photo") else None
    plan = plan_of(parts["care_plan"].entries, opened.today) if "care_plan" in parts else None
    made = paper.introduction(
        [paper.Answer(label, text, name) for name, label, text in wording.filled(page.document)] if page else [],
        printed_plan.things(plan) if plan else [],
        [_contact(one) for one in parts["people"].entries] if "people" in parts else [],
        _words(opened, parts),
        photo,
        language(),
        large="large" in request.args,
    )
    editing.note_only(opened, "told_on_paper")
    return pdf(made, "introduction")


def _words(opened: Opened, parts: Container[str]) -> dict[str, str]:
    called = opened.book.called
    names = {slug: one.name for slug in GIVES_AWAY if slug in parts and (one := opened.book.by_slug(slug))}
    return {
        "title": _("Getting to know %(called)s", called=called),
        "photo": _("A photo of %(called)s", called=called),
        "dated": _("As it was on %(day)s", day=date_in_words(opened.today)),
        "ask": _("Please keep this safe, and ask us before you show it to others."),
        "about": names.get("about_me", ""),
        "plan": names.get("care_plan", ""),
        "people": names.get("people", ""),
        **printed_plan.words(),
    }


def _contact(person: Entry) -> paper.Answer:
    """Somebody who helps: what they do, and how to reach them. What else the family wrote of them is the family's."""
    title, shown = wording.title(person.document), ("role", "phone", "mobile", "email", "best_times")
    facts = [(name, label, text) for name, label, text in wording.filled(person.document) if name in shown and text != title]
    return paper.Answer(title, "\n".join(text if name == "role" else f"{label}: {text}" for name, label, text in facts))

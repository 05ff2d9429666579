"""Reviews and dates: the clocks that are running, what is late and what one can do, and what a birthday brings.

They lie in the plan's sections, and whoever sees the plan sees them. Only the family knows the day of birth: what comes with age
is offered to holders, and stands with the others once one of them has said so.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import signed_in
from plumbing.ids import new_id, once_id
from records import editing, sections, wording
from records.book import NATIONS, Section
from records.clocks import LAW_AS_OF, RULES, Rule, plan_reviews, rules_of, running, words
from records.entry import Entry
from records.gate import NotYours, Opened
from records.kinds import KINDS, clean
from records.pages import form as forms
from records.pages.blueprint import blueprint, enter, enter_as_holder
from records.pages.home import NATION_WORDS

# A day further away than this is a slip of the year.
_MOST_YEARS = 20
_SETTING = "reviews_not_for_us"


def home_section(opened: Opened) -> Section:
    """The section that clocks belong to. Raises NotYours for whoever does not see it."""
    found = opened.book.by_slug(Rule.section)
    if found is None:
        raise NotYours
    return found


def _entries(opened: Opened) -> list[Entry]:
    home_section(opened)
    seen = [one.id for slug in sections.PLANS if (one := opened.book.by_slug(slug))]
    return opened.entries(seen)


def startable(nation: str) -> list[Rule]:
    """The rules of a nation that something begins which happened on a day; the others only a birthday can begin."""
    return [rule for rule in rules_of(nation) if not all(step.begins for step in rule.steps)]


def guides(nation: str) -> list[tuple[str, str]]:
    """Guides that the directory has now, where this Linkbook has one: address and name."""
    is_there = current_app.extensions.get("guide_is_there")
    there = [(slug, name) for slug, name in words.GUIDES[nation] if is_there and is_there(slug)]
    return [(url_for("directory.guide", slug=slug), str(name)) for slug, name in there]


def _not_for_us(opened: Opened) -> list[str]:
    return [slug for slug in opened.book.setting(_SETTING, []) if slug in RULES]


def _offers(opened: Opened, clocks: list[running.Clock]) -> list[running.Offer]:
    if not opened.is_holder:
        return []
    known = [*(clock.rule.slug for clock in clocks), *_not_for_us(opened)]
    return running.offers(opened.book.born, opened.book.nation, opened.today, known)


def _nation(opened: Opened, clocks: list[running.Clock]) -> str:
    """Where they live; a reader is not told, and goes by the clocks that are there."""
    if opened.is_holder:
        return opened.book.nation
    found = {clock.rule.nation for clock in clocks}
    return found.pop() if len(found) == 1 else ""


@blueprint.get("/records/<id:record_id>/reviews")
@signed_in()
def reviews(record_id: str) -> ResponseReturnValue:
    """What is running, with its days."""
    opened = enter(record_id)
    entries = _entries(opened)
    clocks = running.clocks(entries, opened.today)
    nation = _nation(opened, clocks)
    return render_template(
        "records/reviews/page.html",
        opened=opened,
        running=[clock for clock in clocks if not clock.is_off and not clock.is_over],
        finished=[clock for clock in clocks if not clock.is_off and clock.is_over],
        switched_off=[clock for clock in clocks if clock.is_off],
        plan_reviews=plan_reviews.plan_reviews(entries),
        offers=_offers(opened, clocks),
        not_for_us=[RULES[slug] for slug in _not_for_us(opened)] if opened.is_holder else [],
        nation=nation,
        nation_words=NATION_WORDS,
        may_add=opened.may_add(home_section(opened).id),
        law_as_of=LAW_AS_OF,
        clock_words=words,
        guides_for=guides,
    )


# A new one


@blueprint.get("/records/<id:record_id>/reviews/new")
@signed_in()
def new_review(record_id: str) -> ResponseReturnValue:
    """What happened, and on which day?"""
    opened = enter(record_id)
    if not opened.may_add(home_section(opened).id):
        raise NotYours
    asked = request.args.get("nation", "")
    nation = (
        asked if asked in NATIONS else _nation(opened, [] if opened.is_holder else running.clocks(_entries(opened), opened.today))
    )
    return _form_page(opened, nation, _start_form(nation, {}))


@blueprint.post("/records/<id:record_id>/reviews/new")
@signed_in()
def start_review(record_id: str) -> ResponseReturnValue:
    """Start the clock."""
    opened = enter(record_id)
    section = home_section(opened)
    if not opened.may_add(section.id):
        raise NotYours
    nation = request.form.get("nation", "")
    if nation not in NATIONS:
        raise NotYours
    form = _start_form(nation, request.form)
    _read_start(opened, nation, form)
    if form.errors:
        return _form_page(opened, nation, form), 400
    entry_id = once_id(request.form.get("once", ""), section.id, opened.person.account_id, *forms.as_sent(request.form))
    with suppress(sqlite3.IntegrityError):
        editing.add(opened, section.id, form.document, entry_id=entry_id)
    return _back(record_id, entry_id)


def _start_form(nation: str, typed: Any) -> forms.EntryForm:
    """The entry's own form, with what happened in the place of its title."""
    form = forms.show("review", typed)
    known = {one.name: one for one in form.fields}
    options = [(rule.slug, words.event(rule)) for rule in startable(nation)] if nation else []
    what = forms.FormField(
        "rule", "RadioField", forms.Words(_("What happened?")), "", str(typed.get("rule") or ""), options=options
    )
    known["counted_from"].label = forms.Words(_("On which day?"))
    known["counted_from"].hint = _("The day on the letter, or the day it came. For example 3 February 2026, or today.")
    form.fields = [what, known["counted_from"], known["note"]]
    return form


def _read_start(opened: Opened, nation: str, form: forms.EntryForm) -> None:
    """Fill the form's document, and its errors."""
    what, on, note = form.fields
    rule = RULES.get(what.data)
    if rule is None or rule not in startable(nation):
        what.errors.append(_("Choose what happened"))
        return
    typed = {"rule": rule.slug, "what": words.name(rule), "counted_from": on.data, "note": note.data}
    form.document, problems = clean("review", typed, today=opened.today)
    for one in (on, note):
        if one.name in problems:
            one.errors.append(wording.problem("review", one.name, problems[one.name], str(one.label.text)))
    if not on.errors and "counted_from" not in form.document:
        on.errors.append(_("Write the day it happened. The dates are counted from it"))
    elif not on.errors and abs(int(form.document["counted_from"][:4]) - opened.today.year) > _MOST_YEARS:
        on.errors.append(_("Check the year: that day is too far away"))


def _form_page(opened: Opened, nation: str, form: forms.EntryForm) -> str:
    return render_template(
        "records/reviews/new.html",
        opened=opened,
        form=form,
        nation=nation,
        nation_words=NATION_WORDS,
        once=request.form.get("once") or new_id(),
        clock_words=words,
    )


# What is there


def _running(opened: Opened, entry_id: str) -> running.Clock:
    """A clock that may be changed. Raises NotYours."""
    entry = opened.entry(entry_id)
    clock = running.clock_of(entry, opened.today)
    if clock is None or entry.state != "kept" or not opened.may_change(entry):
        raise NotYours
    return clock


def _back(record_id: str, entry_id: str = "") -> ResponseReturnValue:
    return redirect(url_for("records.reviews", record_id=record_id, _anchor=f"clock-{entry_id}" if entry_id else None))


@blueprint.post("/records/<id:record_id>/reviews/<id:entry_id>/done")
@signed_in()
def review_done(record_id: str, entry_id: str) -> ResponseReturnValue:
    """A step is done; or is not, after all."""
    opened = enter(record_id)
    step = _running(opened, entry_id).rule.step(request.form.get("step", ""))
    if step is None:
        raise NotYours
    on = None if request.form.get("done") == "no" else opened.today
    editing.revise(opened, entry_id, lambda document: running.with_done(document, step.name, on))
    return _back(record_id, entry_id)


@blueprint.post("/records/<id:record_id>/reviews/<id:entry_id>/switch")
@signed_in()
def switch_review(record_id: str, entry_id: str) -> ResponseReturnValue:
    """Switch a clock off, or on again. Nothing of it is lost."""
    opened = enter(record_id)
    _running(opened, entry_id)
    is_off = request.form.get("off") == "yes"
    editing.revise(opened, entry_id, lambda document: {**document, "off": is_off})
    return _back(record_id, entry_id)


@blueprint.post("/records/<id:record_id>/reviews/offered")
@signed_in()
def answer_offer(record_id: str) -> ResponseReturnValue:
    """What comes with age: put it with the others, or say that it is not for us, or ask for it again."""
    opened = enter_as_holder(record_id)
    section, slug, answer = home_section(opened), request.form.get("rule", ""), request.form.get("answer", "")
    if slug not in RULES:
        raise NotYours
    offer = next((one for one in _offers(opened, running.clocks(_entries(opened), opened.today)) if one.rule.slug == slug), None)
    # Whoever answers what is not asked any more has answered it twice.
    if answer == "yes" and offer:
        document, _problems = clean(
            KINDS["review"].name,
            {"rule": slug, "what": words.name(offer.rule), "counted_from": offer.start.isoformat()},
            today=opened.today,
        )
        return _back(record_id, editing.add(opened, section.id, document).id)
    if (answer == "no" and offer) or (answer == "again" and slug in _not_for_us(opened)):
        others = [one for one in _not_for_us(opened) if one != slug]
        kept = [*others, slug] if answer == "no" else others
        editing.change_book(opened, lambda book: book.with_setting(_SETTING, kept), "reviews")
    return _back(record_id)

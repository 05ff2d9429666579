"""Who can see: every live grant and link on one screen, in words; taken back in one tap, changed, extended, paused."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.access import recent_passphrase, signed_in
from accounts.spoken import key_words
from plumbing.dates import date_in_words
from records import editing, feed, links, packs, recognising, sharing, visits, who_wording
from records.consent import LEFT, NEW_KEYS, day_number, day_of, usual_last_day
from records.gate import NotYours, Opened
from records.kinds import clean, moment
from records.pages import given
from records.pages.blueprint import blueprint, enter_as_holder
from records.pages.packs import shown_packs
from records.roster import fingerprint

_COVER_DAYS = 14


@blueprint.get("/records/<id:record_id>/who")
@signed_in()
def who_can_see(record_id: str) -> ResponseReturnValue:
    """All that is given, in words. `just` in the address is what was taken back a moment ago."""
    opened = enter_as_holder(record_id)
    return _page(opened, told=given.attend(opened))


def _page(opened: Opened, told: list[given.Notice], problem: str = "", wrong: str = "", typed: str = "") -> str:
    (lines, is_all), now = given.recent_lines(opened), opened.roster.given
    back = given.taken_back(opened)
    return render_template(
        "records/who/page.html",
        opened=opened,
        told=[*told, *given.notices(opened)],
        counted=given.counted(opened),
        grants=given.shown_grants(opened, lines),
        covers=given.shown_covers(opened),
        words=given.shown_words(opened),
        packs=shown_packs(opened, lines),
        links=links.live(opened),
        ends=given.shown_ends(opened),
        back=back,
        just=next((one for one in back if one.granted.grant_id == request.args.get("just")), None),
        paused=sharing.paused(now),
        others=given.other_holders(opened),
        feed=feed.feed_of(opened.book),
        who_words=who_wording,
        noes_to=given.noes_to,
        is_all=is_all,
        day_of=day_of,
        problem=problem,
        wrong=wrong,
        typed=typed,
        cover_until=date_in_words(opened.today + datetime.timedelta(days=_COVER_DAYS)),
    )


def _again(record_id: str, just: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("records.who_can_see", record_id=record_id, just=just))


def _give(opened: Opened, name: str, do: Callable[[], object]) -> ResponseReturnValue:
    """Give something anew, and come back; where their keys are others by now, say that it takes new words."""
    try:
        do()
    except sharing.OtherKeys:
        problem = _("%(name)s has new keys by now. Share it with them anew, with new words.", name=name)
        return _page(opened, [], problem), 409
    return _again(opened.record_id)


@blueprint.errorhandler(sharing.Paused)
def _is_paused(_error: sharing.Paused) -> ResponseReturnValue:
    """Whatever page it was that would have given something: it begins with letting sharing go on."""
    opened = enter_as_holder((request.view_args or {})["record_id"])
    return _page(opened, [], _("Sharing is paused. Let it go on first.")), 409


# Taken back, and given back


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/withdraw")
@signed_in()
def withdraw_grant(record_id: str, grant_id: str) -> ResponseReturnValue:
    """Take a grant back: one tap, at once, no reason asked."""
    ended = sharing.withdraw(enter_as_holder(record_id), grant_id)
    return _again(record_id, just=ended or grant_id)


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/give-back")
@signed_in()
def give_back_grant(record_id: str, grant_id: str) -> ResponseReturnValue:
    """Give it back, on the same terms; where its last day has passed, until the usual one."""
    opened = enter_as_holder(record_id)
    over = opened.roster.given.over(grant_id)
    if over is None:
        return _again(record_id)  # given back already, by a second tap or another holder
    consent, today = over.granted.consent, opened.today
    last_day = consent.last_day if consent.last_day >= day_number(today) else day_number(usual_last_day(today))
    return _give(opened, consent.name, lambda: sharing.give_back(opened, grant_id, last_day))


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/extend")
@signed_in()
def extend_grant(record_id: str, grant_id: str) -> ResponseReturnValue:
    """Six months more, at most twelve from today."""
    opened = enter_as_holder(record_id)
    found = opened.roster.given.granted(grant_id)
    day = given.extended_day(opened.today, day_of(found.consent.last_day)) if found else None
    if found is None or day is None:
        sharing.refuse_while_paused(opened)
        return _again(record_id)
    consent = replace(found.consent, last_day=day_number(day), agreed_on=day_number(opened.today))
    return _give(opened, consent.name, lambda: sharing.change(opened, grant_id, consent))


@blueprint.post("/records/<id:record_id>/who/pause")
@signed_in()
def pause_sharing(record_id: str) -> ResponseReturnValue:
    """Nobody sees anything, from this moment."""
    sharing.pause(enter_as_holder(record_id), packs.end_all)
    return _again(record_id)


@blueprint.post("/records/<id:record_id>/who/resume")
@signed_in()
def resume_sharing(record_id: str) -> ResponseReturnValue:
    """As it was before; what cannot be is told on the page."""
    visits.resume(enter_as_holder(record_id))
    return _again(record_id)


# Standing in


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/switch-on")
@signed_in()
def switch_on_cover(record_id: str, grant_id: str) -> ResponseReturnValue:
    """Let whoever was agreed beforehand begin, until a day."""
    opened, typed = enter_as_holder(record_id), request.form.get("last_day", "")
    cover = next((one.granted for one in given.shown_covers(opened) if one.granted.grant_id == grant_id and not one.live), None)
    if cover is None:
        return _again(record_id)
    latest = day_of(cover.consent.last_day)
    try:
        day = moment.read_date(typed, opened.today)
    except ValueError:
        return _page(opened, [], _("Write the last day like 3 May 2027 or 3/5/2027"), grant_id, typed), 400
    if not opened.today <= day <= latest:
        problem = _("Choose a day from today to %(latest)s", latest=date_in_words(latest))
        return _page(opened, [], problem, grant_id, typed), 400
    return _give(opened, cover.consent.name, lambda: sharing.switch_on(opened, grant_id, day_number(day)))


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/drop")
@signed_in()
def drop_cover(record_id: str, grant_id: str) -> ResponseReturnValue:
    """They need not stand in any more."""
    opened = enter_as_holder(record_id)
    if any(one.granted.grant_id == grant_id for one in given.shown_covers(opened)):
        sharing.drop_cover(opened, grant_id)
    return _again(record_id)


# What ended without our doing


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/answer")
@signed_in()
def answer_end(record_id: str, grant_id: str) -> ResponseReturnValue:
    """They were told, and leave it at that. Somebody who left stays in People who help us, as one who did before."""
    opened = enter_as_holder(record_id)
    over = opened.roster.given.over(grant_id)
    if over is None or over.answered:
        return _again(record_id)
    if over.why == LEFT:
        person = given.helper_of(over.granted, given.helpers(opened))
        if person and not person.document.get("until"):
            until = day_of(over.on).isoformat()
            editing.revise(opened, person.id, lambda document: document | {"until": until})
    sharing.answer(opened, grant_id)
    return _again(record_id)


@blueprint.get("/records/<id:record_id>/who/<id:grant_id>/still")
@signed_in()
def still_them(record_id: str, grant_id: str) -> ResponseReturnValue:
    """Is this still Sara? Six words of the new keys, to be compared by telephone."""
    return _still_page(enter_as_holder(record_id), grant_id)


def _still_page(opened: Opened, grant_id: str, changed: bool = False) -> str:
    over = opened.roster.given.over(grant_id)
    keys = given.keys_now(over.granted.account_id) if over and over.why == NEW_KEYS and not over.answered else None
    if over is None or keys is None:
        raise NotYours
    return render_template(
        "records/who/still.html",
        opened=opened,
        over=over,
        words=key_words(keys.sealing, keys.signing).split(),
        shown=fingerprint(keys),
        ours=recognising.words_of(opened.stamp).split(),
        changed=changed,
    )


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/still")
@signed_in()
@recent_passphrase
def confirm_still_them(record_id: str, grant_id: str) -> ResponseReturnValue:
    """The words were the same: what they had is theirs again. It counts for the keys whose words were shown, and no others."""
    opened = enter_as_holder(record_id)
    over = opened.roster.given.over(grant_id)
    if over is None:
        return _again(record_id)
    keys = given.keys_now(over.granted.account_id)
    if keys is None or fingerprint(keys) != request.form.get("shown"):
        return _still_page(opened, grant_id, changed=True), 409
    try:
        sharing.confirm_new_keys(opened, grant_id, keys)
    except sharing.OtherKeys:
        return _still_page(opened, grant_id, changed=True), 409
    return _again(record_id)


# Written down


@blueprint.post("/records/<id:record_id>/who/<id:grant_id>/person")
@signed_in()
def keep_helper(record_id: str, grant_id: str) -> ResponseReturnValue:
    """Write whoever was given something down among the people who help us."""
    opened = enter_as_holder(record_id)
    found, section = opened.roster.given.granted(grant_id), opened.book.by_slug("people")
    if found is None or section is None:
        raise NotYours
    if given.helper_of(found, given.helpers(opened)) is None:
        document, _problems = clean("person", {"name": found.consent.name, "role": found.consent.role})
        editing.add(opened, section.id, document)
    return _again(record_id)

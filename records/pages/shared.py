"""A record as somebody sees it who was given a part of it: its home, what stands over every page of it, and what they put in."""

from __future__ import annotations

import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from accounts import wording as account_wording
from accounts.access import current_account, signed_in
from accounts.account import PARENT
from accounts.current import family, secrets
from accounts.store import get_account
from plumbing import clock
from plumbing.dates import date_in_words
from plumbing.spill import uploads
from records import consent_wording, desk, store, timeline
from records.consent import TO_SEE, day_number
from records.consent_wording import Said
from records.entry import Entry
from records.gate import NotShared, NotYours, Opened
from records.inviting import Invitation
from records.item import ACCOUNT, Sender
from records.links import Door
from records.pages.blueprint import blueprint, enter
from records.pages.put_in import LetterForm, take
from records.pages.uploads import most_bytes
from records.terms import Terms

_AT_ONCE = 12  # so many new things are named; of more, how many


# Names


def name_of(account_id: str) -> str:
    """Somebody's name, and what they are where they are no parent: "Sara Morgan, key worker"."""
    account = get_account(family(), secrets().server_key, account_id)
    if account is None:
        return _("Somebody who has left")
    if account.role == PARENT:
        return account.shown_name
    return _("%(name)s, %(role)s", name=account.shown_name, role=str(account_wording.role(account.role)).lower())


def written_by(opened: Opened, entry: Entry) -> str:
    """Who wrote this version of an entry; nothing where it was whoever looks."""
    if not entry.is_logged:
        return _("Nobody can say who wrote this: the list of what was done does not have it.")
    if entry.author == opened.person.account_id:
        return ""
    day = date_in_words(datetime.date.fromisoformat(entry.saved_at[:10]))
    words = _l("Added by %(who)s on %(day)s.") if entry.version == 1 else _l("Last changed by %(who)s on %(day)s.")
    return str(words) % {"who": name_of(entry.author), "day": day}


# What was given


def standing(opened: Opened) -> str:
    """How much of a record somebody sees, and until when. It stands over every page of it."""
    seen, everything = len(opened.sections), desk.count_sections(opened)
    return ngettext(
        "You can see %(seen)d of %(num)d section, until %(day)s.",
        "You can see %(seen)d of %(num)d sections, until %(day)s.",
        everything,
        seen=seen,
        day=date_in_words(desk.last_day(opened.terms)),
    )


def given_in_words(terms: Terms) -> str:
    """What one grant is: "Care plan, Meetings: read and add, until 3 March 2027"."""
    consent = terms.consent
    return _(
        "%(sections)s: %(verb)s, until %(day)s",
        sections=consent_wording.listed([terms.names[id_] for id_ in consent.sections if id_ in terms.names]),
        verb=str(consent_wording.VERBS[consent.verb].label).lower(),
        day=date_in_words(desk.last_day([terms])),
    )


def agreed(opened: Opened, terms: Terms) -> list[Said]:
    """What a reader took on when they took the words up, to be read again."""
    everything, by = desk.count_sections(opened), name_of(terms.given_by)
    found = Invitation(
        terms.grant_id,
        opened.record_id,
        opened.stamp,
        TO_SEE,
        terms.consent,
        terms.called,
        dict(terms.names),
        everything,
        by,
        (0, ""),
        terms.consent.last_day,
    )
    return consent_wording.asked_of(found)


def home(opened: Opened) -> ResponseReturnValue:
    """A reader's home of a record: what they were given and by whom, what is new, and a tile for each section they see."""
    since = desk.visit(opened, clock.minute())
    entries = opened.entries() if opened.sections else []
    new = desk.new_since(opened, entries, since)
    return render_template(
        "records/shared/home.html",
        opened=opened,
        account=current_account(),
        counts=opened.counts(),
        coming=timeline.next_appointment(entries, clock.here()),
        new=new[:_AT_ONCE],
        more_new=max(0, len(new) - _AT_ONCE),
        since=since,
        drafts=opened.drafts() if opened.sections else [],
        ending=[desk.last_day([one]) for one in opened.terms if desk.ends_soon(one.consent, opened.today)],
        to_put_in=desk.to_put_in(opened),
    )


# Putting in, where nothing can be seen


class GivenDoorForm(LetterForm):
    """A letter from somebody whom the family gave leave to put something in; the choice is of the sections they named."""

    def __init__(self, terms: list[Terms]) -> None:
        super().__init__()
        self.wish.choices = [(id_, name) for one in terms for id_, name in one.names.items()]
        if not self.wish.data and self.wish.choices:
            self.wish.data = self.wish.choices[0][0]


def _door_of(record_id: str) -> tuple[Opened, list[Terms]]:
    opened = enter(record_id)
    terms = desk.to_put_in(opened)
    if not terms:
        raise NotYours
    return opened, terms


@blueprint.get("/records/<id:record_id>/put-in")
@signed_in()
def give_in(record_id: str) -> ResponseReturnValue:
    """The form."""
    opened, terms = _door_of(record_id)
    return _give_in_page(opened, GivenDoorForm(terms))


def _give_in_page(opened: Opened, form: GivenDoorForm, problems: list[str] | None = None) -> str:
    chosen = any(file.filename for file in request.files.getlist("files"))
    return render_template("records/shared/put_in.html", opened=opened, form=form, problems=problems or [], chosen=chosen)


@blueprint.post("/records/<id:record_id>/put-in")
@uploads(most_bytes)
@signed_in()
def send_given(record_id: str) -> ResponseReturnValue:
    """Into the letter-box. Whether the grant still stands is asked once more when everything is sealed."""
    opened, terms = _door_of(record_id)
    form, account = GivenDoorForm(terms), current_account()
    if not form.validate_on_submit():
        return _give_in_page(opened, form), 400
    grant = next(one for one in terms if form.wish.data in one.names)
    role = str(account_wording.role(account.role)) if account.role != PARENT else ""
    sender = Sender(ACCOUNT, account.id, account.shown_name, role, grant.grant_id)

    def still() -> None:
        live = store.terms_for(opened.db, record_id, account.id, day_number(opened.today))
        if grant.grant_id not in {one.grant_id for one in live} - opened.office.witness.ended():
            raise NotShared

    door = Door(record_id, opened.stamp, opened.letterbox)
    problems = take(door, sender, request.form.to_dict() | {"from_whom": sender.words}, still)
    if problems:
        return _give_in_page(opened, form, problems), 400
    return redirect(url_for("records.given_thanks", record_id=record_id))


@blueprint.get("/records/<id:record_id>/put-in/thanks")
@signed_in()
def given_thanks(record_id: str) -> ResponseReturnValue:
    """It has arrived."""
    opened, _terms = _door_of(record_id)
    return render_template("records/shared/thanks.html", opened=opened)

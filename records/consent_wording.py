"""What a consent says, in sentences that can be read aloud: to the family before they agree, and to whoever is given a part.

Each sentence has its picture. What a page promises about sharing is said here and nowhere else.
"""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from plumbing.dates import date_in_words
from records.book import Book
from records.consent import ADD, READ, READ_AND_ADD, TO_COVER, TO_HOLD, TO_SEE, Consent, day_of
from records.inviting import Invitation


class Said(NamedTuple):
    """A sentence or two, and the picture beside it."""

    icon: str
    words: str


class Choice(NamedTuple):
    """One choice of the form: its picture, what it is called, and what it means."""

    icon: str
    label: str
    hint: str


VERBS = {
    READ: Choice("eye", _l("Read"), _l("They read it. They change nothing.")),
    READ_AND_ADD: Choice("eye-plus", _l("Read and add"), _l("They read it, and put in notes or letters in their own name.")),
    ADD: Choice("inbox", _l("Only put something in"), _l("They see nothing. What they send waits until you keep it.")),
}
COLLEAGUES = {
    "nobody": Choice("person", _l("Nobody"), ""),
    "cover": Choice("swap", _l("Whoever stands in when they are away"), ""),
    "team": Choice("people", _l("Their team"), ""),
}
COPIES = {
    "nothing": Choice("no-copy", _l("Nothing"), ""),
    "dates": Choice("calendar", _l("Dates, and what was agreed"), ""),
    "what_matters": Choice("copy", _l("What matters for their work"), ""),
}
# Every picture that a sentence or a choice here may need.
ICONS = (
    *("eye", "eye-plus", "inbox", "eye-off", "star", "person", "swap", "people", "no-copy", "calendar", "copy"),
    *("shield", "clock", "hand", "list", "heart", "chat", "key", "pencil", "book"),
)
_TO_THE_FAMILY = {
    "nobody": _l("Nobody else where %(name)s works may see it."),
    "cover": _l("When %(name)s is away, whoever stands in may be told what they need from it."),
    "team": _l("%(name)s may tell their team what it says, for the same purpose."),
}
_TO_THEM = {
    "nobody": _l("It is for you alone. Do not show it to others where you work."),
    "cover": _l("When you are away, you may tell whoever stands in what they need from it. Do not lend them your sign-in."),
    "team": _l("You may tell your team what it says, for the same purpose. Do not lend them your sign-in."),
}
_COPIED = {
    "nothing": _l("%(name)s may not copy any of it into their own files."),
    "dates": _l("%(name)s may write dates, and what was agreed, into their own files."),
    "what_matters": _l("%(name)s may copy what matters for their work into their own files."),
}
_YOU_COPY = {
    "nothing": _l("Do not copy any of it into your own files."),
    "dates": _l("You may write dates, and what was agreed, into your own files. Nothing else."),
    "what_matters": _l("You may copy what matters for your work into your own files."),
}


def listed(names: list[str]) -> str:
    """Names of sections in a row; many of them have an "and" of their own."""
    return ", ".join(names)


def seen(consent: Consent, book: Book) -> list[str]:
    """The names of the sections that a consent is about, in the family's order."""
    return [one.name for one in book.sections if one.id in consent.sections]


def counted(number: int, is_letters: bool) -> str:
    """How many things a section has: "13 letters"."""
    if not number:
        return _("nothing yet")
    if is_letters:
        return ngettext("%(num)d letter", "%(num)d letters", number)
    return ngettext("%(num)d thing", "%(num)d things", number)


# To the family


def read_aloud(consent: Consent, book: Book, to: str = TO_SEE) -> list[Said]:
    """What a family agrees to, before they agree."""
    name, day = consent.name, date_in_words(day_of(consent.last_day))
    said = [
        *_later(consent, to),
        *_what(consent, book),
        Said("star", _("It is for this: “%(purpose)s”.", purpose=consent.purpose)),
    ]
    if consent.may_read:
        said += [
            Said(COLLEAGUES[consent.colleagues].icon, str(_TO_THE_FAMILY[consent.colleagues]) % {"name": name}),
            Said(COPIES[consent.copies].icon, str(_COPIED[consent.copies]) % {"name": name}),
            Said("list", _("You see each time %(name)s looks, and on which day.", name=name)),
        ]
    said += [
        Said(
            "shield",
            _(
                "If a child or somebody else is not safe, %(name)s has to tell others who can help, even if you do not agree."
                " They tell you first, where that is safe.",
                name=name,
            ),
        ),
        Said("clock", _("It stops by itself after %(day)s.", day=day)),
        Said("hand", _("You can stop it sooner: one tap on “Who can see”, and it stops at once. You need give no reason.")),
    ]
    if consent.may_read:
        said.append(Said("book", _("What %(name)s has read by then, they may remember or have copied.", name=name)))
    said.append(
        Said("heart", _("You lose nothing by saying no. You get the same help, and you can change your mind on any day."))
    )
    if consent.supporter:
        said.append(Said("chat", _("%(who)s was there, to help you understand this.", who=consent.supporter)))
    return said


def _what(consent: Consent, book: Book) -> list[Said]:
    name, chosen = consent.name, listed(seen(consent, book))
    if consent.verb == ADD:
        return [
            Said("inbox", _("%(name)s can put things into your letter-box, for: %(sections)s.", name=name, sections=chosen)),
            Said("pencil", _("What comes in waits until you keep it or say no to it.")),
            Said("eye-off", _("%(name)s cannot see any of the record.", name=name)),
        ]
    others = [one.name for one in book.sections if one.id not in consent.sections]
    said = [Said("eye", _("%(name)s can read: %(sections)s.", name=name, sections=chosen))]
    if consent.verb == READ_AND_ADD:
        words = _("%(name)s can add to it in their own name. They cannot change or delete what you wrote.", name=name)
        said.append(Said("pencil", words))
    never = _("Just us")
    return [
        *said,
        Said("eye-off", _("%(name)s cannot see: %(sections)s.", name=name, sections=listed([*others, never]))),
    ]


def _later(consent: Consent, to: str) -> list[Said]:
    if to != TO_COVER:
        return []
    words = _("Nothing opens now. When you need %(name)s to stand in, you switch it on under “Who can see”.", name=consent.name)
    return [Said("swap", words)]


# To whoever is given it


def asked_of(found: Invitation) -> list[Said]:
    """What somebody takes on who takes words up."""
    if found.to == TO_HOLD:
        return _asked_to_hold(found)
    consent, day = found.consent, date_in_words(day_of(found.consent.last_day))
    said = _given(found)
    if found.to == TO_COVER:
        words = _("Nothing opens now. %(by)s switches it on when you are to stand in.", by=found.given_by)
        said.insert(0, Said("swap", words))
    said.append(Said("star", _("It is for this, and for nothing else: “%(purpose)s”.", purpose=consent.purpose)))
    if consent.may_read:
        said += [
            Said(COLLEAGUES[consent.colleagues].icon, str(_TO_THEM[consent.colleagues])),
            Said(COPIES[consent.copies].icon, str(_YOU_COPY[consent.copies])),
            Said("list", _("The family sees what you open, and on which day.")),
        ]
    return [
        *said,
        Said(
            "shield",
            _(
                "When a child or somebody else is not safe, share what has to be shared through your own records, as your own"
                " rules say. Nothing here opens more of this record in an emergency."
            ),
        ),
        Said("clock", _("It stops by itself after %(day)s. The family can stop it sooner, and need give no reason.", day=day)),
    ]


def _given(found: Invitation) -> list[Said]:
    consent = found.consent
    chosen = listed([found.names[id_] for id_ in consent.sections if id_ in found.names])
    if consent.verb == ADD:
        words = _("You can put things into the family’s letter-box, for: %(sections)s. You see nothing of it.", sections=chosen)
        return [Said("inbox", words)]
    words = _(
        "You can read %(some)d of %(all)d sections: %(sections)s.", some=len(found.names), all=found.sections, sections=chosen
    )
    said = [Said("eye", words)]
    if consent.verb == READ_AND_ADD:
        said.append(Said("pencil", _("You can add to it in your own name. You cannot change what others wrote.")))
    return said


def _asked_to_hold(found: Invitation) -> list[Said]:
    called, by = found.called, found.given_by
    *others, last = found.holders or (by,)
    together = (
        _("You, %(names)s and %(last)s hold it together, as equals.", names=listed(others), last=last)
        if others
        else _("You and %(by)s hold it together, as equals.", by=by)
    )
    return [
        Said("key", together),
        Said("book", _("You read all of it, write in it, and decide who else may see it. %(by)s can do the same.", by=by)),
        Said("hand", _("Nobody can take it away from you, and you cannot take it away from them. Each of you can leave.")),
        Said("list", _("You see what the other opens, and on which day. They see that of you. Nobody sees where you are.")),
        Said("eye-off", _("Each of you has a “Just us” that the other cannot see.")),
        Said("heart", _("%(called)s’s view counts. Ask what they think.", called=called)),
        Said("shield", _("You do not have to say yes. You can have a record of your own, and share parts of it.")),
    ]

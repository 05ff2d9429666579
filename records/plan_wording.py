"""The plan, in sentences: what somebody said to an action, how it went, what changed."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from plumbing.dates import date_in_words, parse_date
from records import wording
from records.entry import Entry
from records.kinds import title_of
from records.kinds.plan import NO, OTHER_DATE
from records.plan import ADDED, CHANGED, GONE, Action, Change

CHANGES = {ADDED: _l("Added"), CHANGED: _l("Changed"), GONE: _l("Gone")}
NOBODY = _l("Nobody yet")


def who(action: Action) -> str:
    """Who does it, and for whom they work."""
    agency = action.entry.document.get("agency")
    parts = (action.who or str(NOBODY), wording.choice("agency", agency) if agency else "")
    return ", ".join(part for part in parts if part)


def day(text: str | None) -> str:
    """A kept day in words; nothing where there is none."""
    found = parse_date(text)
    return date_in_words(found) if found else ""


def answered(answer: Entry) -> str:
    """What somebody said: "Sara Morgan said yes, by phone, on 3 March 2027." """
    said = answer.document
    words = {"who": said.get("who") or _("Somebody"), "day": day(said.get("on")) or day(answer.saved_at)}
    how = f", {said['how']}," if said.get("how") else ""
    if said.get("says") == NO:
        return _("%(who)s said no%(how)s on %(day)s.", how=how, **words)
    if said.get("says") == OTHER_DATE and said.get("other_date"):
        return _("%(who)s said%(how)s on %(day)s: by %(other)s instead.", how=how, other=day(said["other_date"]), **words)
    return _("%(who)s said yes%(how)s on %(day)s.", how=how, **words)


def went(progress: Entry) -> str:
    """How somebody said it went."""
    said = progress.document
    words = {"who": said.get("who") or _("Somebody"), "day": day(said.get("on")) or day(progress.saved_at)}
    if said.get("is_done"):
        return _("%(who)s said on %(day)s that it is done.", **words)
    return _("%(who)s said on %(day)s how it is going.", **words)


def changed(change: Change) -> list[tuple[str, str, str]]:
    """The fields of something that changed: label, as it was, as it is."""
    kind, before, now = change.document["kind"], change.before or {}, change.now or {}
    return [
        (
            wording.label(kind, name).rstrip("?"),
            wording.value_in_words(kind, name, before[name]) if before.get(name) else "",
            wording.value_in_words(kind, name, now[name]) if now.get(name) else "",
        )
        for name in change.fields
    ]


def title(document: dict[str, object]) -> str:
    """What to call a need or an action."""
    return title_of(document) or wording.kind_name(str(document["kind"]))


def late(count: int) -> str:
    """How many things are late."""
    return ngettext("%(num)d thing is late", "%(num)d things are late", count)


def no_yes(count: int) -> str:
    """How many things nobody has said yes to."""
    return ngettext("Nobody has said yes to %(num)d thing", "Nobody has said yes to %(num)d things", count)


def not_yes(action: Action) -> str:
    """What there is instead of a yes: a no, another date, or nothing so far."""
    if action.says == NO:
        return _("said no")
    other = day(action.answer.document.get("other_date")) if action.answer and action.says == OTHER_DATE else ""
    return _("offers %(day)s", day=other) if other else _("no answer yet")


HOW_GIVEN = {
    "link": _l("by a link"),
    "paper": _l("on paper"),
    "own_link": _l("their own actions, by a link"),
    "own_paper": _l("their own actions, on paper"),
}

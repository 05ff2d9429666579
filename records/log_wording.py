"""The log's lines, as sentences. `DONE` has what somebody did, with nobody named but them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

DONE = {
    "founded": _l("began this record"),
    "signed_in": _l("signed in"),
    "saved": _l("wrote or changed something"),
    "desk": _l("saw the next dates and what is new, on their desk"),
    "moved": _l("put something into another section"),
    "binned": _l("put something into the bin"),
    "unbinned": _l("brought something back from the bin"),
    "deleted": _l("deleted something for good"),
    "arranged": _l("changed the sections or the name"),
    "new_keys": _l("got new keys; the old ones open nothing any more"),
    "went_on": _l("read that something did not match, and went on"),
    "taken_away": _l("took a copy of the whole record away"),
    "told_on_paper": _l("printed what somebody new needs to know"),
    "brought_in": _l("brought this record in from a copy"),
    "feed": _l("changed the calendar feed"),
    "reminders": _l("changed the reminders"),
    "meeting_mailed": _l("sent neutral mails that invite to a meeting"),
    "reviews": _l("said which reviews and dates are for you"),
    "young_looked": _l("said that you looked together at who can see this record"),
    "young_later": _l("asked to be reminded later to look together at who can see this record"),
    "young_no": _l("wrote down something that is not to be shared"),
    "young_no_taken_back": _l("took back something that was not to be shared"),
    "supported": _l("wrote down who decides what"),
    "supported_removed": _l("took away a note of who decides what"),
    "pack_given": _l("showed somebody a part of it by a link"),
    "pack_ended": _l("ended what was shown by a link"),
    "guest_opened": _l("was opened"),
    "guest_copied": _l("was taken along as a PDF"),
    "pack_destroyed": _l("was ended by five wrong tries"),
    "link_given": _l("gave somebody a link to the letter-box"),
    "link_closed": _l("turned a link to the letter-box off"),
    "put_in": _l("put a letter into the letter-box"),
    "filed": _l("kept a letter from the letter-box"),
    "refused": _l("said no to a letter from the letter-box, and deleted it"),
    "took_up_words": _l("took up the words they were told"),
    "recognised": _l("knew this record again by its six words"),
    "paused_all": _l("paused all sharing"),
    "resumed_all": _l("let all sharing go on"),
    "holder_left": _l("stopped holding this record"),
}


# The same where the line names somebody.
DONE_TO = {
    "granted": _l("gave %(name)s a part of this record"),
    "withdrawn": _l("ended what %(name)s was given"),
    "paused": _l("paused what %(name)s was given"),
    "changed": _l("changed what %(name)s was given"),
    "answered": _l("read that what %(name)s was given is over"),
    "invited": _l("made words for %(name)s"),
    "cover_agreed": _l("agreed that %(name)s can stand in"),
    "cover_dropped": _l("agreed no longer that %(name)s can stand in"),
    "step_back_agreed": _l("agreed what %(name)s goes on seeing after stepping back"),
    "holder_joined": _l("made %(name)s a holder of this record"),
    "pack_given": _l("showed %(name)s a part of it by a link"),
    "pack_ended": _l("ended what %(name)s was shown by a link"),
    "link_given": _l("gave %(name)s a link to the letter-box"),
    "link_closed": _l("turned %(name)s’s link to the letter-box off"),
}
# What nobody did: it came about, and was written down at a holder's next visit. Whole sentences.
HAPPENED = {
    "expired": _l("The last day of what %(name)s was given had passed."),
    "left": _l("%(name)s’s account had ended, and with it what they were given."),
    "new_keys": _l("%(name)s had new keys. They open nothing until one of you says that it is still them."),
    "keys_followed": _l("%(name)s changed their keys, and showed that it is still them. They keep what they were given."),
    "invitation_over": _l("Words that were made for somebody are void."),
    "given_over": _l("Something that was shown by a link came to its end."),
    "rotated_all": _l("Everything got new keys: somebody who held this record had left."),
    "unreadable": _l("A line of this list was changed by somebody. What it said cannot be read any more."),
}


def pack_name(name: str) -> str:
    """What did something where a guest did it: their pack. Who held the phone, nobody knows.

    >>> pack_name("Mr Patel"), pack_name("")
    ('Mr Patel’s pack', 'A pack')
    """
    return _("%(name)s’s pack", name=name) if name else _("A pack")


def link_name(name: str) -> str:
    """Who put a letter in by a link: the name they wrote, which anybody could have written.

    >>> link_name("Mrs Jones"), link_name("")
    ('Mrs Jones, by a link,', 'Somebody with a link')
    """
    return _("%(name)s, by a link,", name=name) if name else _("Somebody with a link")


def log_sentence(who: str, what: str, times: int = 1, name: str = "") -> str:
    """One thing somebody did on one day, and how often; `name` is whom they did it to.

    >>> log_sentence("You", "saved", 3), log_sentence("You", "granted", name="Sara")
    ('You wrote or changed something, 3 times.', 'You gave Sara a part of this record.')
    >>> log_sentence("You", "expired", name="Rhys")
    'The last day of what Rhys was given had passed.'
    """
    if what in HAPPENED and (name or what not in DONE):
        return str(HAPPENED[what]) % {"name": name or _("somebody")}
    done = (
        str(DONE_TO[what]) % {"name": name or _("somebody")} if what in DONE_TO and (name or what not in DONE) else DONE.get(what)
    )
    done = done or _("did something that this page has no words for")
    if times == 1:
        return _("%(who)s %(done)s.", who=who, done=done)
    often = ngettext("%(num)d time", "%(num)d times", times)
    return _("%(who)s %(done)s, %(often)s.", who=who, done=done, often=often)


def looks_sentence(
    who: str, opened: tuple[int, int], sections: list[str], copied: Mapping[str, list[str]], searched: bool = False
) -> str:
    """All that somebody looked at on one day: how many letters and other things, which sections they looked through, whether they
    searched, and what they copied for which file.

    >>> looks_sentence("Sara", (2, 0), ["Care plan"], {})
    'Sara opened 2 letters and looked through Care plan.'
    >>> looks_sentence("Sara", (1, 0), [], {"Early help": ["Meetings"]})
    'Sara opened a letter and copied Meetings for the file “Early help”.'
    >>> looks_sentence("Joe", (0, 0), [], {})
    'Joe looked at the first page.'
    """
    letters, others = opened
    parts = []
    if letters:
        parts.append(ngettext("opened a letter", "opened %(num)d letters", letters))
    if others and letters:
        parts.append(ngettext("%(num)d other thing", "%(num)d other things", others))
    elif others:
        parts.append(ngettext("opened %(num)d thing", "opened %(num)d things", others))
    if sections:
        parts.append(_("looked through %(sections)s", sections=", ".join(sections)))
    if searched:
        parts.append(_("searched"))
    for file, names in copied.items():
        listed = ", ".join(names)
        parts.append(
            _("copied %(sections)s for the file “%(file)s”", sections=listed, file=file)
            if file
            else _("copied %(sections)s for their own files", sections=listed)
        )
    return _("%(who)s %(done)s.", who=who, done=_(" and ").join(parts) or _("looked at the first page"))

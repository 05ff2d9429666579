"""The log's lines, as sentences."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

DONE = {
    "founded": _l("began this record"),
    "signed_in": _l("signed in"),
    "saved": _l("wrote or changed something"),
    "binned": _l("put something into the bin"),
    "unbinned": _l("brought something back from the bin"),
    "deleted": _l("deleted something for good"),
    "arranged": _l("changed the sections or the name"),
    "new_keys": _l("got new keys; the old ones open nothing any more"),
    "unreadable": _l("did something, but the line that says what was changed afterwards"),
    "went_on": _l("read that something did not match, and went on"),
    "taken_away": _l("took a copy of the whole record away"),
    "brought_in": _l("brought this record in from a copy"),
    "feed": _l("changed the calendar feed"),
    "reminders": _l("changed the reminders"),
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
}


def pack_name(name: str) -> str:
    """What did something where a guest did it: their pack. Who held the phone, nobody knows.

    >>> pack_name("Mr Patel"), pack_name("")
    ('Mr Patel’s pack', 'A pack')
    """
    return _("%(name)s’s pack", name=name) if name else _("A pack")


def log_sentence(who: str, what: str, times: int) -> str:
    """One thing somebody did on one day, and how often.

    >>> log_sentence("You", "saved", 3)
    'You wrote or changed something, 3 times.'
    """
    done = str(DONE.get(what, _("did something that this page has no words for")))
    if times == 1:
        return _("%(who)s %(done)s.", who=who, done=done)
    often = ngettext("%(num)d time", "%(num)d times", times)
    return _("%(who)s %(done)s, %(often)s.", who=who, done=done, often=often)

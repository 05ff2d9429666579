"""What the facts about signing in are called on a page. The facts know no language; every sentence goes through gettext."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from accounts.account import INFORMATION_OFFICER, KEY_WORKER, PARENT, PRACTITIONER, PROVIDER, SERVICE_MANAGER
from accounts.passphrases import OWN_NAME, TOO_COMMON, TOO_LONG, TOO_SHORT, TOO_SIMPLE

_ROLES = {
    PARENT: _l("Parent"),
    PRACTITIONER: _l("Professional"),
    PROVIDER: _l("Provider"),
    KEY_WORKER: _l("Key worker"),
    INFORMATION_OFFICER: _l("Information officer"),
    SERVICE_MANAGER: _l("Service manager"),
}


def role(name: str) -> LazyString:
    """A role as a page says it."""
    return _ROLES[name]


def passphrase_problem(reason: str) -> str:
    """What to do about a passphrase that was refused; nothing where it was not."""
    if not reason:
        return ""
    return {
        TOO_SHORT: _("Make it longer: at least 15 letters, or four different words. Spaces are welcome."),
        TOO_LONG: _("Make it shorter: 200 letters at most."),
        TOO_COMMON: _("Many people use this one, so a thief would try it early. Choose words that do not belong together."),
        TOO_SIMPLE: _("This is the same thing again and again, or keys in a row. Choose four words that do not belong together."),
        OWN_NAME: _("Without your name or your e-mail address this is too short. Add words that have nothing to do with you."),
    }[reason]

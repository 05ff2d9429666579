"""Who may use the pages behind the desk. Everybody else finds help without signing in."""

from __future__ import annotations

from accounts.access import View, signed_in
from accounts.account import INFORMATION_OFFICER, PROVIDER, SERVICE_MANAGER, STAFF


def officers_only(view: View) -> View:
    """Only those who keep the directory: information officers, and the managers who answer for it."""
    return signed_in(INFORMATION_OFFICER, SERVICE_MANAGER)(view)


def managers_only(view: View) -> View:
    """Only service managers."""
    return signed_in(SERVICE_MANAGER)(view)


def staff_only(view: View) -> View:
    """Everybody on the staff, key workers too."""
    return signed_in(*STAFF)(view)


def writers_only(view: View) -> View:
    """Those who keep the directory, and providers, who get no further than their own listings."""
    return signed_in(INFORMATION_OFFICER, SERVICE_MANAGER, PROVIDER)(view)


def providers_only(view: View) -> View:
    """Only somebody who writes for an organisation of their own."""
    return signed_in(PROVIDER)(view)

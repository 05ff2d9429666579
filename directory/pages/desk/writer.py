"""Who is at work on listings: an officer, or a provider with what they may write."""

from __future__ import annotations

from accounts.access import current_account
from accounts.account import PROVIDER
from directory.keeping.drafting import Writer
from directory.pages.blueprint import database
from directory.store import providers


def writer() -> Writer:
    """Whoever is signed in, as one who writes listings. Only behind `@writers_only` or `@officers_only`."""
    account = current_account()
    if account.role == PROVIDER:
        return Writer(account.id, account.shown_name, False, providers.organizations_of(database(), account.id))
    return Writer(account.id, account.shown_name)

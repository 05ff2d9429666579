"""What a service costs (HSDS `cost_option`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CostOption:
    """One price; `amount` in pounds unless `currency` says otherwise."""

    option: str = ""
    amount: float | None = None
    amount_description: str = ""
    currency: str = "GBP"
    valid_from: str = ""
    valid_to: str = ""
    id: str = ""

"""An account: somebody who can sign in, as the server knows them. No key of theirs is in it but the public halves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

PARENT = "parent"
PRACTITIONER = "practitioner"
KEY_WORKER = "key_worker"
INFORMATION_OFFICER = "information_officer"
SERVICE_MANAGER = "service_manager"
# Staff come by a manager's invitation, and need a second factor.
STAFF = (KEY_WORKER, INFORMATION_OFFICER, SERVICE_MANAGER)
# Somebody at an organisation, who suggests changes to its own listings: not staff, and near no record.
PROVIDER = "provider"
ROLES = (PARENT, PRACTITIONER, PROVIDER, *STAFF)


@dataclass(frozen=True)
class Account:
    """Who somebody is: what they are called, what they may do, and the public halves of their keys."""

    id: str
    generation: int
    sign_in_name: str
    shown_name: str
    role: str
    sealing_public: bytes
    signing_public: bytes
    created_on: datetime.date
    email: str = ""
    email_confirmed: bool = False
    has_second_factor: bool = False
    kit_made_on: datetime.date | None = None
    kit_checked_on: datetime.date | None = None
    ended_on: datetime.date | None = None

    @property
    def is_staff(self) -> bool:
        """Whether they work for the service."""
        return self.role in STAFF

    @property
    def idle_minutes(self) -> int:
        """How long their session stays open while nothing is done in it."""
        return 15 if self.is_staff else 20

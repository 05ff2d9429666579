"""An organisation: who runs a service (HSDS `organization`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Organization:
    """Names as in Open Referral UK 3.0; `website` is a full web address or empty."""

    id: str
    name: str
    description: str = ""
    alternate_name: str = ""
    email: str = ""
    website: str = ""
    logo: str = ""
    uri: str = ""
    parent_organization_id: str = ""
    source_id: str = ""

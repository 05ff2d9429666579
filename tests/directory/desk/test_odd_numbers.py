"""A number in an address that is larger than any we have leads nowhere, and breaks nothing."""

from __future__ import annotations

import re

from directory import store
from tests.directory.desk.test_editing import token


def test_no_number_in_an_address_is_too_large(beth, own_app, own_db):
    service_id, checked = store.all_service_ids(own_db)[0], 0
    sent = {"csrf_token": token(beth), "how": "ours"}
    for rule in own_app.url_map.iter_rules():
        if "<int:" not in rule.rule or not rule.endpoint.startswith("directory."):
            continue
        path = re.sub(r"<uuid:\w+>", service_id, re.sub(r"<id:\w+>", "0" * 32, rule.rule))
        for number in ("9" * 15, "9" * 30):
            for method in rule.methods & {"GET", "POST"}:
                address = re.sub(r"<int:\w+>", number, path)
                status = beth.client.open(address, method=method, data=sent if method == "POST" else None).status_code
                assert status in {302, 400, 404}, f"{method} {address}"
                checked += 1
    assert checked > 10

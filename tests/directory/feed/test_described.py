"""The API is what its own OpenAPI document says: a stranger's tool (schemathesis) reads the document and tries it out."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from tests.conftest import PROOF

AS_DESCRIBED = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
PATHS = 14  # what the document describes; fewer would mean that something is no longer tried


@pytest.fixture(scope="module")
def operations(app: Flask):
    """Everything the document describes, by its path."""
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    return {one.ok().path: one.ok() for one in described.get_all_operations()}


def test_the_api_answers_as_it_is_described(app: Flask, operations):
    tried = 0
    for operation in operations.values():

        @settings(
            max_examples=200 if PROOF else 10,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(case=operation.as_strategy())
        def try_it(case):
            nonlocal tried
            # The limits of a sender are tested elsewhere: here one sender asks a great deal.
            app.extensions.pop("feed_limits", None)
            case.validate_response(case.call(), checks=AS_DESCRIBED)
            tried += 1

        try_it()
    assert len(operations) == PATHS
    assert tried >= PATHS

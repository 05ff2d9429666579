"""Every answer tells the browser what our pages may do; nearly none of them leaves a cookie."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask, Response
from flask.testing import FlaskClient

from directory import store
from plumbing.headers import PERMISSIONS, POLICY, SANDBOX, private, sandboxed
from tests.conftest import create_app, settings_for

NOT_ALLOWED = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:", "data:")


@pytest.fixture
def service_id(own_db) -> str:
    return store.all_service_ids(own_db)[0]


def _break() -> str:
    raise RuntimeError("on purpose")


@pytest.fixture
def breakable(own_app: Flask) -> FlaskClient:
    own_app.add_url_rule("/break", view_func=_break)
    return own_app.test_client()


KINDS = [
    ("page", "GET", "/", 200),
    ("results", "GET", "/search?q=sleep", 200),
    ("nothing found", "GET", "/search?q=zzzzzz", 200),
    ("JSON", "GET", "/places/nearest?lat=55.41&lon=-1.71", 200),
    ("drawing", "GET", "/static/icons/mark.svg", 200),
    ("bad request", "GET", "/places/nearest?lat=here", 400),
    ("no token", "POST", "/services/{service}/report", 400),
    ("not found", "GET", "/nowhere", 404),
    ("asset not found", "GET", "/assets/app.000000000000.css", 404),
    ("not allowed", "POST", "/", 405),
    ("broken", "GET", "/break", 500),
]


@pytest.mark.parametrize(("kind", "method", "address", "status"), KINDS, ids=[kind for kind, *_ in KINDS])
def test_every_kind_of_answer_is_protected(breakable, service_id, kind, method, address, status):
    answer = breakable.open(address.format(service=service_id), method=method)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == PERMISSIONS
    assert "Strict-Transport-Security" not in answer.headers
    if answer.mimetype == "text/html":
        assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("kind", ["css", "js"])
def test_style_and_script_are_protected_too(app, client, kind):
    name = next(name for name in app.extensions["assets"] if name.endswith(kind))
    answer = client.get(f"/assets/{name}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("source", NOT_ALLOWED)
def test_the_policy_lets_in_nothing_from_elsewhere(source):
    assert source not in POLICY


@pytest.mark.parametrize(
    "rule",
    [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "script-src 'self'",
        "worker-src 'none'",
    ],
)
def test_the_policy_forbids_first_and_allows_what_is_needed(rule):
    assert rule in POLICY.split("; ")


@pytest.mark.parametrize("rule", POLICY.split("; "))
def test_only_pictures_and_sounds_may_come_from_a_script(rule):
    assert ("blob:" in rule) is rule.startswith(("img-src", "media-src"))


@pytest.mark.parametrize("device", ["geolocation", "camera", "microphone"])
def test_a_device_is_for_our_own_pages_alone(device):
    assert f"{device}=(self)" in PERMISSIONS.split(", ")


@pytest.mark.parametrize("address", ["/", "/nowhere", "/static/icons/mark.svg"])
def test_with_https_only_a_browser_is_told_to_stay_with_https(own_data, address):
    client = create_app(settings_for(own_data, https_only=True)).test_client()
    assert client.get(address).headers["Strict-Transport-Security"] == "max-age=31536000"


def _drawer(app: Flask) -> FlaskClient:
    """Pages of which nothing may be kept, and a file that somebody sent us."""
    drawer = Blueprint("drawer", __name__)
    drawer.after_request(private)
    drawer.add_url_rule("/drawer", view_func=lambda: "<p>A page.</p>", endpoint="page")
    drawer.add_url_rule("/drawer/broken", view_func=_break, endpoint="broken")
    app.register_blueprint(drawer)
    app.add_url_rule("/sent", view_func=lambda: sandboxed(Response(b"%PDF-1.7"), "letter-2.pdf", "application/pdf"))
    return FlaskClient(app, app.response_class)


@pytest.mark.parametrize("address", ["/drawer", "/drawer/broken"])
def test_nothing_of_a_private_page_is_kept_not_even_of_its_errors(own_app, address):
    own_app.testing = own_app.config["PROPAGATE_EXCEPTIONS"] = False
    assert _drawer(own_app).get(address).headers["Cache-Control"] == "no-store"


def test_every_route_that_needs_signing_in_is_private_without_being_told(own_app):
    def inside() -> str:
        return "<p>A page.</p>"

    inside.access = "signed in"  # type: ignore[attr-defined]
    own_app.add_url_rule("/inside", view_func=inside)
    assert FlaskClient(own_app, own_app.response_class).get("/inside").headers["Cache-Control"] == "no-store"


def test_what_somebody_sent_us_is_handed_out_where_it_can_do_nothing(own_app):
    answer = _drawer(own_app).get("/sent")
    assert answer.data == b"%PDF-1.7"
    assert answer.headers["Content-Security-Policy"] == SANDBOX
    assert "allow-scripts" not in SANDBOX
    assert answer.headers["Content-Disposition"] == "attachment; filename=letter-2.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "name", ["", "letter", "My son’s diagnosis.pdf", "../letter.pdf", "a/b.pdf", 'a".pdf', "a\r\nb.pdf", "\u202efdp.exe", ".pdf"]
)
def test_a_file_is_never_handed_out_under_the_name_it_came_with(name):
    with pytest.raises(ValueError, match="plain name"):
        sandboxed(Response(b""), name, "application/pdf")


def test_no_answer_says_what_we_are_made_of(client):
    answer = client.get("/")
    assert not {"Server", "X-Powered-By"} & set(answer.headers.keys())


@pytest.mark.parametrize(
    "address", ["/", "/search?q=sleep&place=alnwick", "/categories", "/guides/sleep", "/talk-now", "/nowhere"]
)
def test_looking_for_help_leaves_no_cookie(client, address):
    assert "Set-Cookie" not in client.get(address).headers


def test_only_the_report_form_leaves_a_cookie_and_it_goes_with_the_browser(own_client, service_id):
    assert "Set-Cookie" not in own_client.get(f"/services/{service_id}").headers
    cookie = own_client.get(f"/services/{service_id}/report").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


@pytest.mark.parametrize("https_only", [True, False])
def test_with_https_only_the_cookie_never_crosses_in_the_clear(own_data, service_id, https_only):
    client = create_app(settings_for(own_data, https_only=https_only)).test_client()
    cookie = client.get(f"/services/{service_id}/report").headers["Set-Cookie"]
    assert ("Secure" in cookie) is https_only

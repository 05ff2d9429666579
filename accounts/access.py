"""Who may use a route: decorators for the line under the route. What was typed into a page is never lost to a closed session.

    @blueprint.post("/records/<id:record_id>/letters")
    @signed_in()
    def keep_letter(record_id): ...

A visitor without an open session is sent to sign in, and comes back. If they sent a form, they get a page that holds what
they typed and asks for the passphrase; sent from there, the form goes on as if nothing had happened. A script that sends the
header `X-Linkbook: fetch` is answered 401 and {"locked": true}.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import hooks, signing_in
from accounts.account import Account
from accounts.current import family
from accounts.person import Person
from accounts.problems import TRIED, Problem, explain
from accounts.visitor import Visitor, visitor

View = Callable[..., ResponseReturnValue]
# What the page in between asks for. The underscore keeps it apart from every field of ours.
NAME, PASSPHRASE, CODE = "_name", "_passphrase", "_code"


def current_account() -> Account:
    """Whoever is signed in. Only behind `@signed_in`."""
    account = visitor().account
    if account is None:
        raise RuntimeError("this route does not say @signed_in")
    return account


def current_person() -> Person:
    """Whoever is signed in, with their keys. Only behind `@signed_in`."""
    person = visitor().person
    if person is None:
        raise RuntimeError("this route does not say @signed_in")
    return person


def signed_in(*roles: str, before_second_factor: bool = False, title: str | None = None) -> Callable[[View], View]:
    """Only somebody signed in may use this route; with `roles`, only somebody who has one of them.

    `title` is for a form by which people who were nowhere yet come in: it greets them in place of "You were away for a while".

    Staff get no further than setting up their second factor until they have one, but for routes that say `before_second_factor`.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            g.is_private = True
            here = visitor()
            problem = _let_in(here) if not here.is_authenticated else None
            if not here.is_authenticated:
                return _ask(str(title or _("You were away for a while")), problem, who=not here.is_locked)
            account, person = current_account(), current_person()
            if account.is_staff and not person.second_factor_secret and not before_second_factor:
                return redirect(url_for("accounts.second_factor"))
            if roles and account.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        guarded.access = "signed in: " + ", ".join(roles) if roles else "signed in"  # type: ignore[attr-defined]
        return guarded

    return guard


def recent_passphrase(view: View) -> View:
    """Only within five minutes of typing the passphrase; else it is asked for. Stands under `@signed_in`."""
    return _after_passphrase(view, lambda here: here.session is not None and here.session.is_recent)


def just_us_open(view: View) -> View:
    """Only while the just-us key is open: ten minutes from typing the passphrase again. Stands under `@signed_in`."""
    return _after_passphrase(view, lambda here: here.person is not None and here.person.just_us is not None)


def _after_passphrase(view: View, is_enough: Callable[[Visitor], bool]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        here = visitor()
        problem = _let_in(here, just_us=True) if not is_enough(here) else None
        if is_enough(here):
            return view(*args, **kwargs)
        return _ask(_("Type your passphrase again"), problem, who=False, again=True)

    return guarded


def _let_in(here: Visitor, just_us: bool = False) -> Problem | None:
    """Open the session of somebody who typed their passphrase on the page in between; what is wrong, if anything."""
    if request.method != "POST" or not request.form.get(PASSPHRASE):
        return None
    try:
        if here.account:
            person = signing_in.by_passphrase(here.account, request.form[PASSPHRASE])
            here.again(here.account, person if just_us else replace(person, just_us=None))
        else:
            form = request.form
            account, person = signing_in.sign_in(form.get(NAME, ""), form[PASSPHRASE], form.get(CODE, ""))
            here.begin(account, person)
            hooks.signed_in(family(), person)
    except TRIED as error:
        return explain(error, alone=here.account is not None)
    return None


def _ask(title: str, problem: Problem | None, who: bool, again: bool = False) -> ResponseReturnValue:
    """Ask for the passphrase in the way that fits the request, and lose nothing that came with it."""
    if request.headers.get("X-Linkbook") == "fetch":
        return jsonify(locked=True), 401
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("accounts.again" if again else "accounts.sign_in", next=request.full_path.rstrip("?")))
    typed = [(name, value) for name, values in request.form.lists() if not _is_secret(name) for value in values]
    page = render_template(
        "accounts/away.html",
        title=title,
        problem=problem,
        who=who,
        again=again,
        name=request.form.get(NAME, ""),
        typed=typed,
        lost_files=any(file.filename for _field, file in request.files.items(multi=True)),
    )
    return page, problem.status if problem and problem.status != 400 else 401, problem.headers if problem else {}


def _is_secret(name: str) -> bool:
    """Whether a field's content goes into no page again."""
    return name.startswith("_") or name in {"csrf_token", "pin", "code"} or "passphrase" in name

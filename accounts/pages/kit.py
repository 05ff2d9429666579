"""The sheet: making it, printing it, checking it, and coming back by it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from accounts import hooks, kit, kit_sheet, passphrases, signing_in, square
from accounts.access import current_account, current_person, just_us_open, signed_in
from accounts.current import family
from accounts.key_forms import GroupsForm, OwnPassphraseForm, UseKitForm, WholeCodeForm
from accounts.pages.blueprint import blueprint, home_url, refused
from accounts.problems import TRIED, explain
from accounts.visitor import visitor
from plumbing.access import public
from plumbing.addresses import outside
from plumbing.crypto import CannotOpen


def _address(code: str) -> str:
    """What the square code leads to: the code stands after the #, which no server is told and no log keeps."""
    return f"{outside('accounts.kit_use')}#{code}"


def _groups_form(asked: tuple[int, int]) -> GroupsForm:
    form = GroupsForm()
    form.first.label.text, form.second.label.text = (_("Group %(number)d of the code", number=number) for number in asked)
    return form


def _asked(text: str) -> tuple[int, int] | None:
    numbers = [int(part) for part in text.split("-") if part in {str(number) for number in range(1, kit.GROUPS + 1)}]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


@blueprint.get("/kit", endpoint="kit")
@signed_in()
def kit_page() -> ResponseReturnValue:
    """The sheet where there is one in hand; else what it is for, and how far it has come."""
    account, code = current_account(), kit.code_in_hand()
    if not code:
        return render_template("accounts/kit.html", account=account, form=OwnPassphraseForm(), onward=home_url())
    return render_template(
        "accounts/kit_sheet.html",
        account=account,
        groups=code.split("-"),
        where=outside("accounts.kit_use"),
        square=square.for_page(_address(code), _("A square code for a phone’s camera")),
    )


@blueprint.get("/kit/sheet.pdf")
@signed_in()
def kit_pdf() -> ResponseReturnValue:
    """The sheet to print."""
    return _on_paper(kit_sheet.kit_sheet, "sheet.pdf", "application/pdf")


@blueprint.get("/kit/sheet.png")
@signed_in()
def kit_picture() -> ResponseReturnValue:
    """The sheet to keep among one's pictures."""
    return _on_paper(kit_sheet.kit_picture, "sheet.png", "image/png")


def _on_paper(draw: Callable[..., bytes], filename: str, mimetype: str) -> ResponseReturnValue:
    account, code = current_account(), kit.code_in_hand()
    if not code or account.kit_made_on is None:
        return redirect(url_for("accounts.kit"))
    paper = draw(
        groups=code.split("-"),
        name=account.sign_in_name,
        where=outside("accounts.sign_in"),
        qr_svg=square.for_paper(_address(code)),
        made_on=account.kit_made_on,
        language=get_locale().language,
    )
    # Nothing in the file's name says what it opens.
    return Response(paper, mimetype=mimetype, headers={"Content-Disposition": f"attachment; filename={filename}"})


@blueprint.post("/kit")
@signed_in()
@just_us_open
def make_kit() -> ResponseReturnValue:
    """Make a sheet, or make it again as long as it was not checked."""
    if not current_account().kit_checked_on:
        kit.make(current_person())
    return redirect(url_for("accounts.kit"))


@blueprint.post("/kit/new")
@signed_in()
def replace_kit() -> ResponseReturnValue:
    """A new sheet in the place of a checked one. Somebody may have the old one, so the keys are new too."""
    form, account = OwnPassphraseForm(), current_account()
    if not form.validate_on_submit():
        return render_template("accounts/kit.html", account=account, form=form), 400
    try:
        kit.replace(account, signing_in.by_passphrase(account, form.passphrase.data), form.passphrase.data)
    except TRIED as error:
        problem = explain(error, alone=True)
        refused(form, problem)
        return render_template("accounts/kit.html", account=account, form=form), problem.status, problem.headers
    return redirect(url_for("accounts.kit"))


@blueprint.get("/kit/check")
@signed_in()
def kit_check() -> ResponseReturnValue:
    """Ask for two groups of the code in hand; without one, for the whole of it."""
    return _check_page()


def _check_page(groups: GroupsForm | None = None, whole: WholeCodeForm | None = None) -> ResponseReturnValue:
    if not current_account().kit_made_on:
        return redirect(url_for("accounts.kit"))
    asked = (groups and _asked(groups.groups.data or "")) or kit.two_groups()
    if groups is None:
        groups = _groups_form(asked)
        groups.groups.data = f"{asked[0]}-{asked[1]}"
    whole = whole or WholeCodeForm(formdata=None)
    in_hand = bool(kit.code_in_hand())
    page = render_template("accounts/kit_check.html", groups=groups, whole=whole, in_hand=in_hand)
    return page, 400 if groups.errors or whole.errors else 200


@blueprint.post("/kit/check")
@signed_in()
def check_kit() -> ResponseReturnValue:
    """Take two groups, or the whole code as it was typed or scanned."""
    if "code" in request.form:
        return _check_whole(WholeCodeForm())
    asked = _asked(request.form.get("groups", ""))
    if asked is None or not kit.code_in_hand():
        return redirect(url_for("accounts.kit_check"))
    form = _groups_form(asked)
    if form.validate_on_submit():
        if kit.are_groups((form.first.data, form.second.data), asked):
            return _checked()
        form.first.errors = [_("These two groups are not the ones on the sheet. Compare them letter by letter")]
    return _check_page(groups=form)


def _check_whole(form: WholeCodeForm) -> ResponseReturnValue:
    if form.validate_on_submit():
        if kit.is_code(current_account(), form.code.data):
            return _checked()
        form.code.errors = [_("This code is not the one on your newest sheet")]
    return _check_page(whole=form)


def _checked() -> ResponseReturnValue:
    kit.checked(current_account())
    return redirect(url_for("accounts.kit"))


@blueprint.get("/kit/use")
@public
def kit_use() -> ResponseReturnValue:
    """Come back by the sheet. Whoever is signed in and scans their new sheet wants to check it: the part after # goes along."""
    account = visitor().account if visitor().is_authenticated else None
    if account and account.kit_made_on and not account.kit_checked_on:
        return redirect(url_for("accounts.kit_check"))
    return render_template("accounts/kit_use.html", form=UseKitForm(), made=False)


@blueprint.post("/kit/use")
@public
def use_kit() -> ResponseReturnValue:
    """New keys under a new passphrase; then a new sheet is to be made."""
    form = UseKitForm()
    if "make" in request.form:
        form.passphrase.data = passphrases.make_passphrase()
        return render_template("accounts/kit_use.html", form=form, made=True)
    if not form.validate_on_submit():
        return render_template("accounts/kit_use.html", form=form, made=False), 400
    try:
        account, person = kit.use(form.name.data, form.code.data, form.passphrase.data)
    except CannotOpen:
        form.code.errors = [_("That name and that code do not go together. Check both, and that it is your newest sheet")]
        return render_template("accounts/kit_use.html", form=form, made=False), 400
    except TRIED as error:
        problem = explain(error)
        refused(form, problem)
        return render_template("accounts/kit_use.html", form=form, made=False), problem.status, problem.headers
    visitor().begin(account, person)
    hooks.signed_in(family(), person)
    return redirect(url_for("accounts.kit", back="yes"))

"""Commands for accounts: the first manager cannot be invited by anybody."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from accounts import invitations
from accounts.account import SERVICE_MANAGER
from accounts.forms import problem_of_email
from plumbing.settings import Settings

group = AppGroup("accounts", help="Invite the first service manager.")


def init_app(app: Flask, _settings: Settings) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("manager")
@click.argument("name")
@click.option("--email", default="", help="Where the manager may sign in with, and gets mail.")
@with_appcontext
def manager_command(name: str, email: str) -> None:
    """Invite NAME to be a service manager: prints a code that is good once, for a week."""
    if not name.strip():
        raise click.BadParameter("a manager has a name", param_hint="NAME")
    if email and problem_of_email(email):
        raise click.BadParameter("this is no e-mail address", param_hint="--email")
    code = invitations.invite(SERVICE_MANAGER, name.strip(), email)
    click.echo(f"Open /join on this Linkbook's address within {invitations.DAYS} days, and type this code:")
    click.echo(code)

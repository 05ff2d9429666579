"""Commands of the demonstration: fill it, say who can sign in, and give the codes of their authenticator apps."""

from __future__ import annotations

import click
import pyotp
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from tqdm import tqdm

from plumbing import clock
from records.demonstration import filling, outside
from records.demonstration.family import Member, cast

group = AppGroup("demonstration", help="The invented family of `make demo`: fill it, and sign in as anybody of it.")
_STEP_SECONDS = 30


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("fill")
@click.option(
    "--afresh", is_flag=True, help="Delete every account of the demonstration first, and begin again with today's dates."
)
@with_appcontext
def fill_command(afresh: bool) -> None:
    """Sign everybody up and fill their records. Safe to run again; refuses to touch a folder that is no demonstration."""
    try:
        with tqdm(desc="Filling the family's record", unit=" entries", leave=False) as bar:
            for done, steps in filling.fill(afresh):
                bar.total = steps
                bar.update(done - bar.n)
    except filling.Refused as refused:
        raise click.ClickException(str(refused)) from None
    _say_everybody()


@group.command("who")
@with_appcontext
def who_command() -> None:
    """Say how everybody of the demonstration signs in, and what was given to those who do not."""
    _say_everybody()


@group.command("code")
@click.argument("name", type=click.Choice([member.name for member in cast() if member.second_factor]))
def code_command(name: str) -> None:
    """Give the six digits that NAME's authenticator app shows now, in a demonstration. Each is good once."""
    member = next(member for member in cast() if member.name == name)
    left = _STEP_SECONDS - int(clock.now().timestamp()) % _STEP_SECONDS
    click.echo(f"{_code(member)} (the next one in {left} seconds)")


def _code(member: Member) -> str:
    return pyotp.TOTP(member.second_factor).at(clock.now())


def _say_everybody() -> None:
    people = cast()
    wide, words = max(len(member.sign_in) for member in people), max(len(member.passphrase) for member in people)
    click.echo(f"\n{'Who':14}  {'Signs in as':{wide}}  {'Passphrase':{words}}  Code now")
    for member in people:
        code = _code(member) if member.second_factor else ""
        click.echo(f"{member.shown_name:14}  {member.sign_in:{wide}}  {member.passphrase:{words}}  {code}".rstrip())
        click.echo(f"{'':14}  {member.who}")
        if member.second_factor:
            address = pyotp.TOTP(member.second_factor).provisioning_uri(name=member.sign_in, issuer_name="Linkbook demonstration")
            click.echo(f"{'':14}  Another code later: flask demonstration code {member.name}. For an app: {address}")
        if member.kit:
            click.echo(f"{'':14}  The code on the printed sheet, for when the passphrase is lost: {member.kit}")
    for heading, lines in outside.told():
        click.echo(f"\n{heading}")
        for line in lines:
            click.echo(f"{'':14}  {line}")
    click.echo()

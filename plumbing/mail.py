"""Mail: a page leaves it in the outbox, `flask tidy` takes it to the mail server.

Pages never talk to the mail server: how long it takes to answer would tell a stranger whether an address is known here.
"""

from __future__ import annotations

import datetime
import hmac
import logging
import os
import secrets
import smtplib
import ssl
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path

import click
from flask import Flask

from plumbing import tidy
from plumbing.clock import now
from plumbing.settings import ROOT, Settings

log = logging.getLogger(__name__)
NOBODY = "nobody@invalid.invalid"
_PATIENCE = 20  # seconds that the mail server may be silent
_TRIED_FOR = datetime.timedelta(days=3)
_LEFT_FOR = datetime.timedelta(days=30)
_STAMP = "%Y%m%dT%H%M%SZ"
_LEFTOVER = datetime.timedelta(days=1)
# As long as RFC 5322 lets a line be: Python would break a long address in a header into pieces that nobody puts together.
_POLICY = policy.SMTP.clone(max_line_length=998)


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail, under a plain name: `invitation.ics`, `text/calendar; charset=utf-8`."""

    name: str
    mimetype: str
    data: bytes = field(repr=False)


def post(settings: Settings, to: str | None, subject: str, text: str, attached: Attachment | None = None) -> bool:
    """Leave a mail in the outbox; False, and a line in the log, where it could not be written.

    A page that may not tell whether an address is known posts in any case: to None all the same work is done, and nothing sent.
    """
    try:
        message = _message(settings, to or NOBODY, subject, text)
        if attached:
            kind, _slash, rest = attached.mimetype.partition(";")[0].partition("/")
            message.add_attachment(attached.data, kind, rest, filename=attached.name)
        path = _place(settings)
        beside = _write(path, message)
        if to:
            beside.rename(path)
        else:
            beside.unlink()
    except (OSError, ValueError, LookupError, MessageError) as error:
        # By the last two Python says that it cannot read an address. The error's own text may hold it.
        log.error("A mail could not be left in the outbox: %s", type(error).__name__)
        return False
    return True


def hold(settings: Settings, name: str, to: str, subject: str, text: str, headers: Mapping[str, str]) -> bool:
    """Write a mail that waits to be released: for whoever sends to many, and must send nobody two when it is stopped half way.

    `name` is the sender's own (letters, digits, dashes). Written again under it, a mail takes the place of the one before.
    """
    try:
        message = _message(settings, to, subject, text)
        for header, value in headers.items():
            message[header] = value
        path = _held(settings) / f"{name}.eml"
        _write(_place(settings, _held(settings)), message).replace(path)
    except (OSError, ValueError, LookupError, MessageError) as error:
        log.error("A mail could not be left in the outbox: %s", type(error).__name__)
        return False
    return True


def held(settings: Settings) -> list[str]:
    """The names of mails that wait to be released."""
    return sorted(path.stem for path in _held(settings).glob("*.eml"))


def release(settings: Settings, name: str) -> None:
    """Let a mail go that was held. Whoever calls has written down that they will: done twice, it is sent once."""
    path = _place(settings)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        (_held(settings) / f"{name}.eml").rename(path)


def drop(settings: Settings, name: str) -> None:
    """Throw away a mail that was held."""
    (_held(settings) / f"{name}.eml").unlink(missing_ok=True)


def _held(settings: Settings) -> Path:
    return settings.outbox / "held"


def _place(settings: Settings, folder: Path | None = None) -> Path:
    """A new place for a mail; its name says when it was written."""
    folder = folder or (settings.outbox / "waiting" if settings.smtp_host else settings.outbox)
    return folder / f"{now():{_STAMP}}-{secrets.token_hex(8)}.eml"


def _write(path: Path, message: EmailMessage) -> Path:
    """Write a mail beside its place, wholly on the disk; returns where."""
    beside = path.with_suffix(".new")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    _mark(beside, _written(path))
    return beside


def as_sent(to: str) -> str:
    """An address as the mail server will read it: whoever counts mails must not take two ways to write one for two.

    Raises ValueError where it is not one address.

    >>> as_sent("Sara@\\uff25XAMPLE\\u3002com")
    'Sara@example.com'
    """
    local, _at, domain = unicodedata.normalize("NFKC", to).rpartition("@")
    return f"{local}@{domain.encode('idna').decode().lower().rstrip('.')}".encode("ascii").decode()


def mark_of(to: str, key: bytes) -> str:
    """What a file of counts may know of an address: a mark, the same however it is written."""
    try:
        sent = as_sent(to)
    except ValueError:
        sent = to  # never sent
    return hmac.digest(key, f"mail to\0{sent.casefold()}".encode(), "sha256").hex()


def _message(settings: Settings, to: str, subject: str, text: str) -> EmailMessage:
    """The mail with its headers. Raises ValueError where one of them holds a line break, or `to` is not one address."""
    message = EmailMessage(_POLICY)
    message["From"] = settings.mail_from
    message["To"] = Address(addr_spec=as_sent(to))
    message["Subject"] = subject
    message["Date"] = format_datetime(now())
    # Without a domain the machine's own name would be looked up, slowly, and told.
    message["Message-ID"] = make_msgid(domain=parseaddr(settings.mail_from)[1].rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def deliver(settings: Settings) -> str | None:
    """Take what waits to the mail server; returns what was done, in words, or None.

    A mail that is not taken waits as long again as it has waited, an hour at most, and is given up after three days.
    Raises OSError where the server cannot be used at all: everything goes on waiting.
    """
    _clear(settings)
    due = [path for path in _in_turn(settings.outbox / "waiting") if _is_due(path)]
    if not due:
        return None
    sent = 0
    try:
        with _server(settings) as server:
            for path in due:
                sent += _hand_over(server, path)
    finally:
        for path in due:
            if path.exists() and now() - _written(path) > _TRIED_FOR:
                path.unlink()
                log.warning("A mail was given up after %d days.", _TRIED_FOR.days)
    return f"{sent} sent" if sent else None


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server, greeted."""
    place, sealed = (settings.smtp_host, settings.smtp_port), ssl.create_default_context()
    if settings.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=_PATIENCE, context=sealed)
    else:
        server = smtplib.SMTP(*place, timeout=_PATIENCE)
    with server:
        if settings.smtp_tls == "starttls":
            server.starttls(context=sealed)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server


def _hand_over(server: smtplib.SMTP, path: Path) -> bool:
    """Give the server one mail; returns whether it took it. One that makes the server break off goes last the next time."""
    _mark(path, now())
    try:
        server.send_message(message_from_bytes(path.read_bytes(), policy=_POLICY))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        if _is_final(error):
            path.unlink()
        log.warning("A mail was refused: %s", type(error).__name__)
        return False
    path.unlink()
    return True


def _is_final(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> bool:
    """Whether the server will never take this mail. RFC 5321, 4.2.1: 4yz asks to try again, 5yz not to."""
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return all(code >= 500 for code, _words in error.recipients.values())


def _in_turn(folder: Path) -> list[Path]:
    """The mails in `folder`, the one that was tried longest ago first."""
    return sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime)


def _written(path: Path) -> datetime.datetime:
    return datetime.datetime.strptime(path.name.split("-")[0], _STAMP).replace(tzinfo=datetime.UTC)


def _mark(path: Path, moment: datetime.datetime) -> None:
    """Note when a mail was last tried, on the file itself."""
    os.utime(path, times=(moment.timestamp(), moment.timestamp()))


def _tried(path: Path) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(int(path.stat().st_mtime), datetime.UTC)


def _is_due(path: Path) -> bool:
    return now() - _tried(path) >= min(_tried(path) - _written(path), datetime.timedelta(hours=1))


def _clear(settings: Settings) -> None:
    """Nothing is kept for good: not what a stopped server left half written, and not what nobody will send."""
    for path in settings.outbox.rglob("*.new"):
        if now() - _written(path) > _LEFTOVER:
            path.unlink()
    if not settings.smtp_host:
        for path in _in_turn(settings.outbox / "waiting"):
            path.rename(settings.outbox / path.name)
    for path in _in_turn(settings.outbox):
        if now() - _written(path) > _LEFT_FOR:
            path.unlink()


def where(settings: Settings) -> str | None:
    """What to say at the start where no mail server is set."""
    if settings.smtp_host:
        return None
    path = settings.outbox.resolve()
    return f"No mail server is set: mail is written to {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}"


def init_app(app: Flask, settings: Settings) -> None:
    """Deliver at every `flask tidy`; say at `flask run` where mail goes (for the server gunicorn.conf.py says it)."""
    tidy.register(app, "mail", lambda: deliver(settings))
    context = click.get_current_context(silent=True)
    started = context is not None and context.info_name == "run" and "WERKZEUG_RUN_MAIN" not in os.environ
    if started and (words := where(settings)):
        click.echo(words, err=True)

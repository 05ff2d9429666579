"""Mail waits in the outbox, goes by a real mail server, and is neither lost nor sent twice nor sent anywhere else."""

from __future__ import annotations

import datetime
import logging
import os
import socketserver
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from plumbing import clock, mail
from plumbing.settings import ROOT, Settings

SUBJECT, TEXT = "Something is waiting for you", "Sign in to see it: https://linkbook.example/sign-in\n"
TO = "amina@example.org"


class Talk(socketserver.StreamRequestHandler):
    """One conversation with the mail server: as much of RFC 5321 as smtplib speaks."""

    server: MailServer

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        """Take mail, with the answers that the test has set."""
        self.say("220 mail.example")
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            answer = self.server.answers.get(verb.upper(), "250 Very well")
            if verb.upper() == "RCPT":
                answer = self.server.answers.get(rest, answer)
                self.server.asked_for.append(rest)
            self.say(answer)
            if answer.startswith("354"):
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.take(b"".join(line.removeprefix(b".") for line in lines))
                self.say(self.server.answers["taken"])
            if verb.upper() == "QUIT" or answer.startswith("421"):
                return


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on this machine that keeps what it is sent."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.mails: list[EmailMessage] = []
        self.asked_for: list[str] = []
        self.answers = {"DATA": "354 Go on", "taken": "250 Taken", "QUIT": "221 Farewell"}

    def take(self, content: bytes) -> None:
        self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Linkbook without a mail server."""
    return Settings(data=tmp_path / "data")


@pytest.fixture
def served(settings: Settings, server: MailServer) -> Settings:
    """Linkbook with one."""
    return replace(settings, smtp_host="127.0.0.1", smtp_port=server.server_address[1], smtp_tls="none")


@pytest.fixture
def later(monkeypatch):
    """Lets time pass for the outbox."""

    def pass_by(**time: float) -> None:
        moment = mail.now() + datetime.timedelta(**time)
        monkeypatch.setattr(mail, "now", lambda: moment)

    start = clock.now()
    monkeypatch.setattr(mail, "now", lambda: start)
    return pass_by


def _kept(settings: Settings, place: str = "") -> list[Path]:
    return sorted(path for path in (settings.outbox / place).glob("*") if path.is_file())


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[return-value]


def test_without_a_server_mail_is_written_to_the_outbox_whole(settings):
    assert mail.post(settings, TO, SUBJECT, TEXT)
    [path] = _kept(settings)
    message = _read(path)
    assert (message["To"], message["From"], message["Subject"]) == (TO, "linkbook@localhost", SUBJECT)
    assert message.get_content().splitlines() == TEXT.splitlines()
    assert message["Auto-Submitted"] == "auto-generated"
    assert path.suffix == ".eml"


def test_a_file_goes_along_bit_by_bit(settings):
    assert mail.post(
        settings, TO, SUBJECT, TEXT, mail.Attachment("date.ics", "text/calendar; charset=utf-8", b"BEGIN\r\n\xc3\xa9")
    )
    message = _read(_kept(settings)[0])
    [attached] = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("date.ics", "text/calendar")
    assert attached.get_payload(decode=True) == b"BEGIN\r\n\xc3\xa9"
    body = message.get_body()
    assert body
    assert body.get_content().splitlines() == TEXT.splitlines()


def test_a_file_of_no_kind_sends_nothing_and_breaks_no_page(settings):
    assert not mail.post(settings, TO, SUBJECT, TEXT, mail.Attachment("date.ics\r\nBcc: x", "text/calendar", b""))
    assert _kept(settings) == []


def test_nobody_else_on_the_machine_can_read_the_outbox(settings):
    mail.post(settings, TO, SUBJECT, TEXT)
    [path] = _kept(settings)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.outbox.stat().st_mode) == 0o700


def test_a_mail_tells_nothing_of_the_machine_it_comes_from(settings):
    mail.post(replace(settings, mail_from="Linkbook <post@linkbook.example>"), TO, SUBJECT, TEXT)
    message = _read(_kept(settings)[0])
    assert message["From"] == "Linkbook <post@linkbook.example>"
    assert message["Message-ID"].endswith("@linkbook.example>")


def test_words_in_any_script_arrive_as_they_were_written(served, server):
    mail.post(served, TO, "Croeso – Ŵyn 👋", "Môr\nمرحبا\n.\nA line with a dot alone stays.\n")
    mail.deliver(served)
    [message] = server.mails
    assert message["Subject"] == "Croeso – Ŵyn 👋"
    assert message.get_content().replace("\r\n", "\n") == "Môr\nمرحبا\n.\nA line with a dot alone stays.\n"


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("amina@example.org\nBcc: thief@example.org", SUBJECT),
        ("amina@example.org\r\nBcc: thief@example.org", SUBJECT),
        ("amina@example.org, thief@example.org", SUBJECT),
        ("Amina <amina@example.org>", SUBJECT),
        ("amina@example.org>\x00", SUBJECT),
        ("amina", SUBJECT),
        ("@example.org", SUBJECT),
        ("amîna@example.org", SUBJECT),
        (TO, "Hello\nBcc: thief@example.org"),
        (TO, "Hello\r\n\r\nBuy this"),
        (TO, "Hello\u2028Bcc: thief@example.org"),
    ],
)
def test_nobody_can_put_another_reader_or_another_header_into_a_mail(settings, caplog, to, subject):
    assert not mail.post(settings, to, subject, TEXT)
    assert not _kept(settings)
    assert "thief" not in caplog.text
    assert "could not be left in the outbox" in caplog.text


def test_a_domain_in_another_script_is_written_as_mail_servers_read_it(settings):
    assert mail.post(settings, "amina@bücher.example", SUBJECT, TEXT)
    assert _read(_kept(settings)[0])["To"] == "amina@xn--bcher-kva.example"


def test_posting_to_nobody_does_the_same_work_and_leaves_nothing(settings, monkeypatch):
    done: list[str] = []
    for name in ("open", "fsync", "utime"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, real=real, name=name, **k: done.append(name) or real(*a, **k))
    assert mail.post(settings, TO, SUBJECT, TEXT)
    somebody, done[:] = [*done], []
    assert mail.post(settings, None, SUBJECT, TEXT)
    assert done == somebody
    assert len(_kept(settings)) == 1


def test_a_page_goes_on_where_the_outbox_cannot_be_written(settings, caplog):
    settings.data.mkdir()
    settings.outbox.write_text("a file where the folder should be")
    assert not mail.post(settings, TO, SUBJECT, TEXT)
    assert TO not in caplog.text


def test_a_page_leaves_mail_waiting_and_tidying_sends_it_once(served, server):
    mail.post(served, TO, SUBJECT, TEXT)
    assert len(_kept(served, "waiting")) == 1
    assert not server.mails
    assert mail.deliver(served) == "1 sent"
    assert mail.deliver(served) is None
    assert [message["To"] for message in server.mails] == [TO]
    assert not _kept(served, "waiting")


def test_several_mails_go_in_one_conversation_to_one_reader_each(served, server):
    for name in ("amina", "joe", "rhys"):
        mail.post(served, f"{name}@example.org", SUBJECT, TEXT)
    assert mail.deliver(served) == "3 sent"
    assert sorted(server.asked_for) == [f"TO:<{name}@example.org>" for name in ("amina", "joe", "rhys")]


def test_a_mail_that_is_refused_for_good_is_given_up_and_the_others_go(served, server, caplog):
    server.answers["TO:<gone@example.org>"] = "550 Nobody of that name"
    for to in ("gone@example.org", TO):
        mail.post(served, to, SUBJECT, TEXT)
    assert mail.deliver(served) == "1 sent"
    assert not _kept(served, "waiting")
    assert "gone@" not in caplog.text


@pytest.mark.parametrize(("at", "answer"), [("RCPT", "450 Later, please"), ("taken", "451 No room just now")])
def test_a_mail_that_is_put_off_goes_when_it_has_waited_as_long_again(served, server, later, at, answer):
    mail.post(served, TO, SUBJECT, TEXT)
    server.answers[at] = answer
    later(minutes=10)
    assert mail.deliver(served) is None
    tried = len(server.asked_for)
    server.answers[at] = "250 Very well"
    later(minutes=9)
    assert mail.deliver(served) is None
    assert len(server.asked_for) == tried, "It was tried again too soon."
    later(minutes=2)
    assert mail.deliver(served) == "1 sent"


@pytest.mark.parametrize(("days", "left"), [(2.9, 1), (3.1, 0)])
def test_a_mail_is_tried_for_three_days(served, server, later, days, left):
    mail.post(served, TO, SUBJECT, TEXT)
    server.answers["RCPT"] = "450 Later, please"
    later(days=days)
    assert mail.deliver(served) is None
    assert len(_kept(served, "waiting")) == left
    assert server.asked_for, "Even one that is old by now is tried once."


def test_while_the_server_is_away_everything_waits(served, server):
    mail.post(served, TO, SUBJECT, TEXT)
    away = replace(served, smtp_port=1)
    with pytest.raises(OSError, match="refused"):
        mail.deliver(away)
    assert len(_kept(served, "waiting")) == 1
    assert mail.deliver(served) == "1 sent"


def test_a_server_that_breaks_off_in_the_middle_gets_the_mail_again(served, server, later):
    mail.post(served, TO, SUBJECT, TEXT)
    server.answers["MAIL"] = "421 We are closing"
    with pytest.raises(OSError):  # noqa: PT011 - which of smtplib's errors it is does not matter
        mail.deliver(served)
    server.answers["MAIL"] = "250 Very well"
    later(minutes=1)
    assert mail.deliver(served) == "1 sent"


def test_a_server_that_cannot_seal_the_way_gets_nothing(served, server):
    mail.post(served, TO, SUBJECT, TEXT)
    with pytest.raises(OSError, match="STARTTLS"):
        mail.deliver(replace(served, smtp_tls="starttls", smtp_user="linkbook", smtp_password="hunter2"))
    assert not server.mails
    assert len(_kept(served, "waiting")) == 1


def test_when_the_server_is_taken_out_of_the_settings_what_waited_can_be_read(settings, served):
    mail.post(served, TO, SUBJECT, TEXT)
    assert mail.deliver(settings) is None
    assert len(_kept(settings)) == 1
    assert not _kept(settings, "waiting")


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_what_nobody_will_send_is_kept_for_30_days(settings, later, days, left):
    mail.post(settings, TO, SUBJECT, TEXT)
    later(days=days)
    mail.deliver(settings)
    assert len(_kept(settings)) == left


def test_what_a_stopped_server_left_half_written_is_never_sent_and_goes(served, server, later):
    mail.post(served, TO, SUBJECT, TEXT)
    [path] = _kept(served, "waiting")
    half = path.rename(path.with_suffix(".new"))
    assert mail.deliver(served) is None
    assert half.exists()
    later(days=2)
    assert mail.deliver(served) is None
    assert not half.exists()
    assert not server.mails


def test_the_password_is_in_no_picture_of_the_settings():
    assert "hunter2" not in repr(Settings(smtp_password="hunter2"))


def test_the_start_says_where_mail_goes(settings, served):
    assert mail.where(settings) == f"No mail server is set: mail is written to {settings.outbox}"
    assert mail.where(Settings()) == "No mail server is set: mail is written to data/local/outbox"
    assert mail.where(served) is None


def test_tidying_delivers_and_says_nothing_of_whom_to(own_app, server, caplog):
    # The command line reads its settings from the application.
    settings = own_app.extensions["settings"]
    for name, value in {"smtp_host": "127.0.0.1", "smtp_port": server.server_address[1], "smtp_tls": "none"}.items():
        object.__setattr__(settings, name, value)
    mail.post(settings, TO, SUBJECT, TEXT)
    with caplog.at_level(logging.DEBUG):
        result = own_app.test_cli_runner().invoke(args=["tidy"])
    # The other jobs of the directory may have something to say too.
    assert result.exit_code == 0
    assert "mail: 1 sent" in result.output.splitlines()
    assert TO not in result.output
    assert TO not in caplog.text


@pytest.mark.parametrize("command", [["run", "--port", "0"], ["routes"]])
def test_flask_run_says_once_where_mail_goes_and_other_commands_do_not(starter, tmp_path, command):
    environment = os.environ | {"LINKBOOK_DATA": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", *command], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        said, _ = process.communicate(timeout=8 if command[0] == "run" else 60)
    except subprocess.TimeoutExpired:
        process.terminate()
        said, _ = process.communicate()
    assert said.count(b"No mail server is set") == (command[0] == "run")


@pytest.mark.parametrize(
    "written", ["AMINA@Example.ORG", "amina@\uff45xample.org", "amina@example\u3002org", "\uff41mina@EXAMPLE.org"]
)
def test_an_address_is_counted_as_it_is_sent_however_it_is_written(settings, written):
    assert mail.mark_of(written, b"key") == mail.mark_of(TO, b"key")
    assert mail.as_sent(written).casefold() == TO
    assert mail.post(settings, written, SUBJECT, TEXT)
    (path,) = settings.outbox.glob("*.eml")
    assert message_from_bytes(path.read_bytes(), policy=policy.SMTP)["To"].casefold() == TO


def test_two_addresses_have_two_marks_and_none_says_whose_it_is():
    assert mail.mark_of("joe@example.org", b"key") != mail.mark_of(TO, b"key") != mail.mark_of(TO, b"other")
    assert "amina" not in mail.mark_of(TO, b"key")
    assert mail.mark_of("no address", b"key") != mail.mark_of("none either", b"key")

"""Every setting, its default, its environment variable and its reason."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from filelock import FileLock

_KEY_BYTES = 32
ROOT = Path(__file__).resolve().parent.parent


def _env(name: str, reason: str, *choices: str) -> dict[str, Any]:
    return {"env": name, "reason": reason, "choices": choices}


@dataclass(frozen=True)
class Settings:
    """How this Linkbook runs. Made once, by `Settings.from_environment()` or by a test, and never changed after."""

    data: Path = field(
        default=ROOT / "data" / "local",
        metadata=_env("LINKBOOK_DATA", "where the databases, the search index and the secret key live; never in git"),
    )
    development: bool = field(
        default=False,
        metadata=_env("LINKBOOK_DEVELOPMENT", "shows /components; never in public, where it would only confuse"),
    )
    address: str = field(
        default="",
        metadata=_env(
            "LINKBOOK_ADDRESS",
            "where families find it, with its https://. Links in mail and on paper begin with it, and no other host answers",
        ),
    )
    contact_email: str = field(
        default="",
        metadata=_env("LINKBOOK_CONTACT_EMAIL", "shown on the accessibility and privacy pages; left out when empty"),
    )
    trusted_proxies: int = field(
        default=0,
        metadata=_env(
            "LINKBOOK_TRUSTED_PROXIES",
            "how many proxies of ours stand in front; too high a number lets a sender choose their own address",
        ),
    )
    https_only: bool = field(
        default=False,
        metadata=_env("LINKBOOK_HTTPS_ONLY", "cookies only over https; yes everywhere but on a developer's machine"),
    )
    reports_an_hour: int = field(
        default=6,
        metadata=_env("LINKBOOK_REPORTS_AN_HOUR", "'something is wrong' reports taken from one address in an hour"),
    )

    asks_an_hour: int = field(
        default=12,
        metadata=_env(
            "LINKBOOK_ASKS_AN_HOUR",
            "questions, comments and 'I could not find it' taken from one address in an hour, each: a library has one address",
        ),
    )
    question_days: int = field(
        default=3,
        metadata=_env("LINKBOOK_QUESTION_DAYS", "days in which a question is answered; later it stands first on the desk"),
    )
    question_unmet_days: int = field(
        default=14,
        metadata=_env("LINKBOOK_QUESTION_UNMET_DAYS", "days after which a question without an answer counts as an unmet need"),
    )
    question_kept_days: int = field(
        default=90,
        metadata=_env("LINKBOOK_QUESTION_KEPT_DAYS", "days after the last word about a question until all of it is erased"),
    )
    not_found_months: int = field(
        default=24,
        metadata=_env(
            "LINKBOOK_NOT_FOUND_MONTHS",
            "months that counts of what people could not find are kept; erased a whole year at once, so that no sum tells a part",
        ),
    )
    comment_days: int = field(
        default=20,
        metadata=_env("LINKBOOK_COMMENT_DAYS", "days in which a comment is answered; later it stands first on the desk"),
    )
    comments_published: bool = field(
        default=True,
        metadata=_env(
            "LINKBOOK_COMMENTS_PUBLISHED", "whether comments are published with the answer, as England asks; never names"
        ),
    )

    check_days: int = field(
        default=182,
        metadata=_env("LINKBOOK_CHECK_DAYS", "days from a check of a listing to the next: half a year"),
    )
    check_safety_days: int = field(
        default=91,
        metadata=_env("LINKBOOK_CHECK_SAFETY_DAYS", "the same for what is rung in need: helplines, crisis, safety"),
    )
    unchecked_words_days: int = field(
        default=183,
        metadata=_env("LINKBOOK_UNCHECKED_WORDS_DAYS", "days after it was due that a page says 'Not checked since'; 0 for never"),
    )
    unchecked_last_days: int = field(
        default=365,
        metadata=_env("LINKBOOK_UNCHECKED_LAST_DAYS", "days after it was due that a listing comes last in results; 0 for never"),
    )
    unchecked_retire_days: int = field(
        default=730,
        metadata=_env("LINKBOOK_UNCHECKED_RETIRE_DAYS", "days after it was due that a listing is retired; 0 for never"),
    )
    ask_providers: bool = field(
        default=False,
        metadata=_env("LINKBOOK_ASK_PROVIDERS", "whether providers are asked by e-mail by themselves on the day a check is due"),
    )
    provider_link_days: int = field(
        default=30,
        metadata=_env("LINKBOOK_PROVIDER_LINK_DAYS", "how long the link works that a provider answers by"),
    )
    provider_reminder_days: int = field(
        default=14,
        metadata=_env("LINKBOOK_PROVIDER_REMINDER_DAYS", "days after which a provider is reminded the first time; 0 for never"),
    )
    provider_last_reminder_days: int = field(
        default=21,
        metadata=_env("LINKBOOK_PROVIDER_LAST_REMINDER_DAYS", "days after which they are reminded once more; 0 for never"),
    )
    report_hours: int = field(
        default=48,
        metadata=_env("LINKBOOK_REPORT_HOURS", "hours in which a report from the public is to be answered"),
    )
    report_address_days: int = field(
        default=30,
        metadata=_env("LINKBOOK_REPORT_ADDRESS_DAYS", "days that a reporter's address is kept after their report was closed"),
    )
    contact_days: int = field(
        default=91,
        metadata=_env("LINKBOOK_CONTACT_DAYS", "days from a check of a designated contact to the next: a quarter"),
    )
    ask_contacts: bool = field(
        default=False,
        metadata=_env("LINKBOOK_ASK_CONTACTS", "whether designated contacts are asked by e-mail on the day their check is due"),
    )
    contact_left_days: int = field(
        default=30,
        metadata=_env("LINKBOOK_CONTACT_LEFT_DAYS", "days after a contact's last day that staff still find them and their cover"),
    )
    contact_kept_months: int = field(
        default=6,
        metadata=_env("LINKBOOK_CONTACT_KEPT_MONTHS", "months after a contact left or was taken out until all of it is erased"),
    )
    links_a_minute: int = field(
        default=0,
        metadata=_env("LINKBOOK_LINKS_A_MINUTE", "web addresses of listings looked at in a tidying; 0 where there is no way out"),
    )

    feed_licence: str = field(
        default="",
        metadata=_env(
            "LINKBOOK_FEED_LICENCE", "the address of the licence that the open feed is given under; none is claimed when empty"
        ),
    )

    import_megabytes: int = field(
        default=40,
        metadata=_env(
            "LINKBOOK_IMPORT_MEGABYTES", "the largest file that an import on the desk takes; unpacked ten times as much"
        ),
    )
    import_anywhere: bool = field(
        default=False,
        metadata=_env(
            "LINKBOOK_IMPORT_ANYWHERE",
            "lets the desk import from http and from this very network; only for trying out: an address could lead inside",
        ),
    )
    approval: bool = field(
        default=False,
        metadata=_env(
            "LINKBOOK_APPROVAL",
            "whether a second officer looks at each change of a listing, a guide or a newsletter before families see it",
        ),
    )

    guide_check_months: int = field(
        default=12,
        metadata=_env("LINKBOOK_GUIDE_CHECK_MONTHS", "months after which somebody reads a guide again; 0 for never by itself"),
    )
    subscriber_confirm_days: int = field(
        default=7,
        metadata=_env("LINKBOOK_SUBSCRIBER_CONFIRM_DAYS", "days after which an address that nobody confirmed is forgotten"),
    )
    paper_an_hour: int = field(
        default=60,
        metadata=_env("LINKBOOK_PAPER_AN_HOUR", "leaflets and newsletters as PDFs that one address takes in an hour"),
    )

    private_folder: str = field(
        default="",
        metadata=_env(
            "LINKBOOK_PRIVATE", "where the server's secrets live: beside the data folder unless told, never in its backups"
        ),
    )
    witness_folder: str = field(
        default="",
        metadata=_env("LINKBOOK_WITNESS", "where the witness file lives: beside the data folder unless told, kept on its own"),
    )
    sessions_folder: str = field(
        default="",
        metadata=_env("LINKBOOK_SESSIONS", "where sessions live: in memory where the machine has /dev/shm; never backed up"),
    )
    argon2: str = field(
        default="m=65536,t=3,p=4",
        metadata=_env(
            "LINKBOOK_ARGON2", "what one guess at a passphrase costs: memory in KiB, passes, lanes; weaker only in tests"
        ),
    )
    registration: bool = field(
        default=True,
        metadata=_env("LINKBOOK_REGISTRATION", "whether parents may register by themselves"),
    )
    record_megabytes: int = field(
        default=2000,
        metadata=_env("LINKBOOK_RECORD_MEGABYTES", "how much one record may keep: letters, photos, voice notes"),
    )
    smtp_host: str = field(
        default="",
        metadata=_env("LINKBOOK_SMTP_HOST", "the server that takes our mail; without one, mail is written to the outbox folder"),
    )
    smtp_port: int = field(
        default=587,
        metadata=_env("LINKBOOK_SMTP_PORT", "its port: mostly 587 with starttls, 465 with tls, 25 with none"),
    )
    smtp_tls: str = field(
        default="starttls",
        metadata=_env(
            "LINKBOOK_SMTP_TLS",
            "how the way to it is sealed: starttls, tls, or none where it is this very machine",
            "starttls",
            "tls",
            "none",
        ),
    )
    smtp_user: str = field(
        default="",
        metadata=_env("LINKBOOK_SMTP_USER", "who we are to the mail server; none where it asks for no name"),
    )
    smtp_password: str = field(
        default="",
        repr=False,
        metadata=_env("LINKBOOK_SMTP_PASSWORD", "our password there: a secret, so it is never shown and never logged"),
    )
    mail_from: str = field(
        default="linkbook@localhost",
        metadata=_env("LINKBOOK_MAIL_FROM", "the address our mail comes from; a name may stand before it: Linkbook <post@...>"),
    )
    demonstration_family: bool = field(
        default=False,
        metadata=_env("LINKBOOK_DEMONSTRATION_FAMILY", "says on every page that everybody here is invented; `make demo` sets it"),
    )

    @property
    def outbox(self) -> Path:
        """The folder of mail that was not sent yet, or never is where no mail server is set."""
        return self.data / "outbox"

    @property
    def family_db(self) -> Path:
        """The SQLite file of accounts and sealed records."""
        return self.data / "family.db"

    @property
    def attachments(self) -> Path:
        """The folder of sealed attachments."""
        return self.data / "attachments"

    @property
    def private(self) -> Path:
        """The folder of the server's secrets and of quick unlock: outside the data folder, so that no backup holds both."""
        return Path(self.private_folder) if self.private_folder else self.data.with_name(f"{self.data.name}-private")

    @property
    def witness(self) -> Path:
        """The append-only file of heads and tombstones: outside the database, so that a restored backup is noticed."""
        folder = Path(self.witness_folder) if self.witness_folder else self.data.with_name(f"{self.data.name}-witness")
        return folder / "witness.log"

    @property
    def sessions_db(self) -> Path:
        """The SQLite file of sessions: on memory-backed storage where there is one, so that it ends with the machine."""
        if self.sessions_folder:
            return Path(self.sessions_folder) / "sessions.db"
        memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, for this user only
        mark = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:16]
        folder = memory / f"linkbook-{os.getuid()}-{mark}" if os.access(memory, os.W_OK) else self.private / "sessions"
        return folder / "sessions.db"

    @property
    def unlock_db(self) -> Path:
        """The SQLite file of what PINs open: no backup has it, so that nobody tries a million PINs on a copy."""
        return self.private / "unlock.db"

    @property
    def directory_db(self) -> Path:
        """The directory's SQLite file."""
        return self.data / "directory.db"

    @property
    def search_index(self) -> Path:
        """The folder of the search index: disposable, rebuilt from the directory's file."""
        return self.data / "search"

    @property
    def limits_db(self) -> Path:
        """The small SQLite file that counts hits for the rate limits of all server processes."""
        return self.data / "limits.db"

    def secret_key(self) -> bytes:
        """The key that signs form tokens: 32 random bytes, made on first use, readable by this user only."""
        path = self.data / "secret_key"
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Of several processes that start at once one makes the key, and puts it into its place whole: none reads half of it.
        with FileLock(self.data / "secret_key.lock"):
            key = path.read_bytes() if path.exists() else b""
            if len(key) != _KEY_BYTES:
                key = secrets.token_bytes(_KEY_BYTES)
                beside = path.with_name("secret_key.new")
                beside.unlink(missing_ok=True)
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(key)
                beside.replace(path)
        return key

    @classmethod
    def from_environment(cls) -> Settings:
        """Settings from the LINKBOOK_* environment variables.

        Raises ValueError, with the variable's name, where a value cannot be read.
        """
        values: dict[str, object] = {}
        for setting in fields(cls):
            name = setting.metadata["env"]
            text = os.environ.get(name, "").strip()
            if text:
                values[setting.name] = _read(name, text, setting.default, setting.metadata["choices"])
        return cls(**values)  # type: ignore[arg-type]


def _read(name: str, text: str, default: object, choices: tuple[str, ...]) -> object:
    if choices and text.lower() not in choices:
        raise ValueError(f"{name} should be one of {', '.join(choices)}, not {text!r}.")
    if isinstance(default, bool):
        if text.lower() not in {"0", "1", "yes", "no", "true", "false"}:
            raise ValueError(f"{name} should be yes or no, not {text!r}.")
        return text.lower() in {"1", "yes", "true"}
    if isinstance(default, int):
        if not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError(f"{name} should be a whole number, not {text!r}.")
        return int(text)
    if choices:
        return text.lower()
    return Path(text).expanduser() if isinstance(default, Path) else text

"""Looking whether the web addresses in listings still answer. Off unless a setting says how many at a time.

An address is somebody else's words: it is only ever asked from the open internet, at the very IP address that was looked at
(`plumbing/fetching.py` says why), over every redirect. One request to a site at a time, nothing is read but the first line.
"""

from __future__ import annotations

import datetime
import http.client
import socket
import ssl
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from directory.store import web_links as rows
from plumbing import clock
from plumbing.db import at_once
from plumbing.fetching import Pinned, is_open

_SECONDS, _SECONDS_IN_ALL = 8, 20
_MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_USUAL_PORTS = {"http": 80, "https": 443}
# What a site says to programs, and not to people who come with a browser.
_KEEPS_PROGRAMS_OUT = {401, 403, 405, 406, 429, 451, 999}
# For how long an officer's "it works for me" is believed.
_BELIEVED = datetime.timedelta(days=90)
# Says whether an IP address and port may be asked; tests bring their own.
Allowed = Callable[[str, int], bool]


@dataclass(frozen=True)
class Answer:
    """What came of looking: it answers, or why not in a word. Not `reached`: we got nowhere, which may be our own fault."""

    well: bool
    reason: str = ""
    reached: bool = True


def on_the_open_internet(address: str, port: int) -> bool:
    """Whether an IP address and port are a web site anybody can reach.

    >>> on_the_open_internet("93.184.216.34", 443), on_the_open_internet("169.254.169.254", 80)
    (True, False)
    >>> on_the_open_internet("93.184.216.34", 6379)
    False
    """
    return is_open(address) and port in _USUAL_PORTS.values()


def look_at(address: str, allowed: Allowed = on_the_open_internet) -> Answer:
    """Ask an address whether it is there. Whatever it is or does, this raises nothing."""
    for _turn in range(_MOST_REDIRECTS):
        try:
            status, location = _ask(address, allowed)
        except PermissionError:
            return Answer(False, "private")
        except socket.gaierror:
            return Answer(False, "no such site", reached=False)
        except ssl.SSLError:
            return Answer(False, "certificate")
        except TimeoutError:
            return Answer(False, "too slow", reached=False)
        except (http.client.HTTPException, OSError):
            return Answer(False, "no answer", reached=False)
        except (UnicodeError, ValueError):
            return Answer(False, "no web address")
        if status in _REDIRECTS and location:
            address = urllib.parse.urljoin(address, location)
        elif status < 400 or status in _KEEPS_PROGRAMS_OUT:
            return Answer(True)
        else:
            return Answer(False, "gone" if status in {404, 410} else "out of order")
    return Answer(False, "a ring")


def _ask(address: str, allowed: Allowed) -> tuple[int, str]:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in _USUAL_PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("no web address")
    port = parts.port or _USUAL_PORTS[parts.scheme]
    found = [str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    # A name with a single address inside our walls is refused whole.
    if not all(allowed(one, port) for one in found):
        raise PermissionError
    connection = Pinned(
        parts.hostname, port, found[0], secure=parts.scheme == "https", seconds=_SECONDS, most_seconds=_SECONDS_IN_ALL
    )
    try:
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        target = urllib.parse.quote(target, safe="/?&=%:;,+@!$'()*~[]")
        connection.request("GET", target, headers={"User-Agent": "Linkbook link check", "Accept": "text/html,*/*;q=0.5"})
        answer = connection.getresponse()
        connection.must_be_whole()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def look_at_some(db: Database, most: int, allowed: Allowed = on_the_open_internet) -> str | None:
    """Look at the addresses whose turn it is, one of each site; returns what was found, in words.

    Where nothing answers at all, today or in this turn, the fault may be our own way out: then nobody is called broken.
    """
    if not most:
        return None
    addresses = _one_a_site(rows.addresses_to_look_at(db, clock.now(), most * 5))[:most]
    # Outside every transaction: a slow site keeps nobody from saving.
    found = [(address, look_at(address, allowed)) for address in addresses]
    now = clock.now()
    with at_once(db):
        has_way_out = any(answer.well or answer.reached for _address, answer in found) or rows.any_answered_since(
            db, now - datetime.timedelta(days=1)
        )
        for address, answer in found:
            if answer.well:
                rows.note_answer(db, address, now)
            else:
                rows.note_failure(db, address, now, answer.reason, counts=answer.reached or has_way_out)
        rows.forget_links(db)
    return f"{len(found)} looked at" if found else None


def _one_a_site(addresses: Iterable[str]) -> list[str]:
    """Of each site one address, so that nobody is asked twice in a minute.

    >>> _one_a_site(["https://a.org/1", "https://a.org/2", "http://b.org"])
    ['https://a.org/1', 'http://b.org']
    """
    first: dict[str, str] = {}
    for address in addresses:
        first.setdefault(_site_of(address), address)
    return list(first.values())


def _site_of(address: str) -> str:
    try:
        return urllib.parse.urlsplit(address).hostname or address
    except ValueError:
        return address


def works_for_me(db: Database, address: str) -> None:
    """An officer has looked, and it works."""
    with at_once(db):
        rows.works_for_me(db, address, clock.today() + _BELIEVED)

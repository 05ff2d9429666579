"""Fetching what stands at an address that a person typed, without becoming their way into our own network.

An address may lead, by its name or by a redirect, to this machine or a neighbour that trusts it: a database, a cloud's store of
keys. A name is therefore looked up once, every address it has must be one of the open internet, and that very one is connected
to (a second look-up could answer otherwise). Redirects are followed only to the same host, and looked up again.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

_SECONDS = 30
_MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}


class NotFetchedError(Exception):
    """Nothing came; the message says why, in words."""


@dataclass(frozen=True)
class Limits:
    """What may be fetched. `anywhere` also takes http and this very network: for the command line and for trying out."""

    anywhere: bool = False
    most_bytes: int = 64 * 1024 * 1024
    most_seconds: float = 300


@dataclass(frozen=True)
class Answer:
    """What came: its status, its bytes, and its headers under lower-case names."""

    status: int
    data: bytes = field(repr=False)
    headers: Mapping[str, str]


def fetch(url: str, limits: Limits, headers: Mapping[str, str] | None = None) -> Answer:
    """What stands at `url`. A 304 is an answer; any other status but 200 raises NotFetchedError, as all that goes wrong does."""
    ends = time.monotonic() + limits.most_seconds
    sent = {"User-Agent": "Linkbook", "Accept-Encoding": "identity"} | dict(headers or {})
    asked = url
    for _turn in range(_MOST_REDIRECTS):
        try:
            answer = _ask(url, limits, sent, ends)
        except (http.client.HTTPException, OSError, UnicodeError, ValueError) as error:
            raise NotFetchedError(f"{asked} did not answer: {_reason(error)}.") from None
        if answer.status not in _REDIRECTS:
            break
        new = urllib.parse.urljoin(url, answer.headers.get("location", ""))
        if urllib.parse.urlsplit(new).hostname != urllib.parse.urlsplit(url).hostname:
            raise NotFetchedError(f"{asked} leads to another site; give that site's address instead.")
        url = new
    else:
        raise NotFetchedError(f"{asked} leads round in a ring.")
    if answer.status not in {200, 304}:
        raise NotFetchedError(f"{asked} did not answer: it says {answer.status}.")
    return answer


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "its certificate is not right, or it speaks no https"
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, socket.gaierror):
        return "there is no such site"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _ask(url: str, limits: Limits, headers: Mapping[str, str], ends: float) -> Answer:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ({"http", "https"} if limits.anywhere else {"https"}):
        raise NotFetchedError(f"{url} does not begin with https://, so anybody on the way could change what it says.")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise NotFetchedError(f"{url} is not a web address.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address(parts.hostname, port, limits)
    left = max(0.0, ends - time.monotonic())
    connection = Pinned(parts.hostname, port, address, secure=parts.scheme == "https", most_seconds=left)
    try:
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        connection.request("GET", urllib.parse.quote(target, safe="/?&=%:;,+@!$'()*~[]"), headers=dict(headers))
        answer = connection.getresponse()
        data = b"" if answer.status in _REDIRECTS else _body(url, answer, limits, ends)
        connection.must_be_whole()
        return Answer(answer.status, data, {name.lower(): value for name, value in answer.getheaders()})
    finally:
        connection.close()


def _body(url: str, answer: http.client.HTTPResponse, limits: Limits, ends: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > limits.most_bytes:
            raise NotFetchedError(f"{url} sent more than {limits.most_bytes // (1024 * 1024)} MB for one page.")
        if time.monotonic() > ends:
            raise NotFetchedError(f"{url} was still sending one page after {limits.most_seconds / 60:.0f} minutes.")
    return b"".join(parts)


def _address(host: str, port: int, limits: Limits) -> str:
    """The one address that will be connected to. A name with a single address inside our walls is refused whole."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not limits.anywhere and not all(is_open(address) for address in found):
        raise NotFetchedError(f"{host} is not a site on the open internet.")
    return found[0]


def is_open(address: str) -> bool:
    """Whether an IP address is one of the open internet; of the long ones, one that is given out for it (2000::/3).

    >>> is_open("93.184.216.34"), is_open("127.0.0.1"), is_open("169.254.169.254"), is_open("::ffff:10.0.0.1")
    (True, False, False, False)
    """
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address may hide in a longer one: mapped, 6to4, or behind a NAT64 prefix.
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_open(str(inner))
        # Old ways of writing a short address as a long one, and what sites keep to themselves, count as global by their numbers.
        if ip not in ipaddress.ip_network("2000::/3"):
            return False
    return ip.is_global and not ip.is_multicast


class Pinned(http.client.HTTPConnection):
    """A connection to one IP address, under the name of the site: its certificate must be that site's.

    It waits `seconds` for each piece, and is cut after `most_seconds`: a site that sends a letter at a time must not hold up all
    the work that the clock has for us.
    """

    def __init__(
        self, host: str, port: int, address: str, *, secure: bool, most_seconds: float, seconds: float = _SECONDS
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address, self._secure = address, secure
        # What stands in the Host header leaves the usual port out.
        self.default_port = 443 if secure else 80
        self._cutter = threading.Timer(most_seconds, self._cut)
        self._cutter.daemon = True
        self._was_cut = False

    def connect(self) -> None:
        """Connect to the address that was looked at, whatever the name says by now."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        self._cutter.start()
        if self._secure:
            context = ssl.create_default_context()
            # In two steps, so that a slow greeting can be cut, too.
            secured = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = secured
            secured.do_handshake()

    def close(self) -> None:
        """Hang up."""
        self._cutter.cancel()
        super().close()

    def must_be_whole(self) -> None:
        """Raise TimeoutError where it was cut: the end of what came looks like the end of all there was."""
        if self._was_cut:
            raise TimeoutError

    def _cut(self) -> None:
        self._was_cut = True
        with suppress(OSError, AttributeError):
            # Not the one of an SSL socket, which takes away what whoever reads is reading with.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

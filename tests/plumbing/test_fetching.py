"""An address inside our walls is refused however it is written."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from plumbing.fetching import Limits, NotFetchedError, fetch, is_open

INSIDE = (
    *("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "255.255.255.255", "224.0.0.1"),
    *("::1", "::", "::ffff:10.0.0.1", "::10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::10.0.0.1"),
    *("2002:7f00:1::", "2001:0:7f00:1::", "fe80::1%eth0", "fec0::1", "fc00::1", "ff02::1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_what_lies_inside_is_not_open(address):
    assert not is_open(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700:4700::1111", "::ffff:93.184.216.34"])
def test_the_open_internet_is(address):
    assert is_open(address)


@pytest.mark.parametrize(
    "address",
    [
        *("https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/", "https://[::1]/", "https://0/"),
        *("https://localhost/", "https://[::ffff:169.254.169.254]/", "https://169.254.169.254/latest/meta-data/"),
        *("https://anybody@93.184.216.34/", "file:///etc/passwd", "http://93.184.216.34/", "ftp://93.184.216.34/", "https://"),
        *("https://[::1", "https://127.0.0.1:99999/", "//127.0.0.1/", "https://\x00/"),
    ],
)
def test_no_way_of_writing_it_leads_in(address):
    with pytest.raises(NotFetchedError):
        fetch(address, Limits())


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    "begun", [b"", b"HTTP/1.0 200 OK\r\nA: b\r\n", b"HTTP/1.0 200 OK\r\n\r\nThe beginning", b"\x16\x03\x03\x40\x00"]
)
def test_a_site_that_sends_a_letter_at_a_time_is_cut(begun, scheme):
    """Each letter comes in time; all of them would take for ever, and whatever else the clock has to do would wait."""
    ended = threading.Event()

    def drip(server: socket.socket) -> None:
        heard, _address = server.accept()
        with heard, contextlib.suppress(OSError):
            heard.sendall(begun)
            while not ended.wait(0.05):
                heard.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        before = time.monotonic()
        with pytest.raises(NotFetchedError, match=r"did not answer|after 0 minutes"):
            fetch(f"{scheme}://127.0.0.1:{server.getsockname()[1]}/", Limits(anywhere=True, most_seconds=0.5))
        assert time.monotonic() - before < 5
        ended.set()
        thread.join()

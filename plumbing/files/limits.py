"""What a process that reads strangers' files may use: some memory, some seconds, and nothing of this machine."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys

MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
OPEN_FILES = 32

# Landlock, the Linux kernel's way for a process to give up its own rights; its numbers are the same on every machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_NO_NEW_PRIVILEGES = 38
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# How many rights to files the kernel knows, by the version of Landlock it has.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_EVERY_FILE_RIGHT = 16
_BIND_AND_CONNECT = 3
# A PDF that brings no fonts of its own is drawn with those of the machine; dice are thrown to open a locked one; libraries load
# parts of themselves late. Of Python's search path only what was installed: where the rest is ours, our data may lie in it.
_READABLE = ["/usr/share/fonts", "/usr/local/share/fonts", "/dev/urandom", os.path.dirname(os.__file__)]
_READABLE += [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]


def limit(memory_bytes: int = MEMORY_BYTES, cpu_seconds: int = CPU_SECONDS, open_files: int = OPEN_FILES) -> None:
    """Less memory, less time, few files, and not one byte to any disk. Before anything is read."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_NOFILE, open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (_allowed(what, most), _allowed(what, most)))
    # First a signal that says why; what does not heed it is ended two seconds later.
    soft, hard = cpu_seconds, cpu_seconds + 2
    resource.setrlimit(resource.RLIMIT_CPU, (_allowed(resource.RLIMIT_CPU, soft), _allowed(resource.RLIMIT_CPU, hard)))


def _allowed(what: int, most: int) -> int:
    """As much, or what the machine's owner allows where that is less."""
    _, ours = resource.getrlimit(what)
    return most if ours == resource.RLIM_INFINITY else min(most, ours)


def shut_in() -> bool:
    """From here on no file opened but those, no connection made, no other process looked into.

    A decoder that a file has taken over would otherwise read our databases, or the keys in the server's memory. False where the
    kernel has no Landlock: the limits above then stand alone.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    rights = struct.pack("=Q", (1 << _FILE_RIGHTS.get(version, _EVERY_FILE_RIGHT)) - 1)
    if version >= 4:
        rights += struct.pack("=Q", _BIND_AND_CONNECT)
    rules = libc.syscall(_CREATE_RULESET, rights, len(rights), 0)
    if rules < 0:
        return False
    for path in filter(os.path.exists, _READABLE):
        reading = _READ_FILE | _READ_FOLDER if os.path.isdir(path) else _READ_FILE
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", reading, handle), 0)
        os.close(handle)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    done = libc.syscall(_RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return done

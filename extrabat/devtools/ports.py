"""The port of `make run`: one that nobody else listens on, held from the choice to the web server's start."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from extrabat.devtools.words import RefusalError

FIRST_PORT, PORTS_TRIED = 8000, 51


@contextmanager
def choose_port(wanted: int | None) -> Iterator[socket.socket]:
    """Hold the port by listening on it until the web server takes over, and the claim on it to the end."""
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as claim, socket.socket() as door:
            if take(port, claim, door):
                yield door
                return
    if wanted:
        raise RefusalError(f"port {wanted} is taken by another program. Give another one: make run PORT={wanted + 1}")
    last = FIRST_PORT + PORTS_TRIED - 1
    raise RefusalError(f"the ports {FIRST_PORT} to {last} are all taken. Give a free one: make run PORT=9000")


def take(port: int, claim: socket.socket, door: socket.socket) -> bool:
    """Return False when somebody has the port.

    granian opens its own with SO_REUSEPORT: two instances would share one and never know. So each also takes
    the UDP port of that number, which nobody can share and which a killed process gives back.
    """
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claim.bind(("127.0.0.1", port))
        door.bind(("127.0.0.1", port))
        door.listen(1)
    except OSError:
        return False
    return not answers_on_ipv6(port)


def answers_on_ipv6(port: int) -> bool:
    """Browsers try ::1 first for localhost: a program that answers there would hide ours."""
    try:
        with socket.socket(socket.AF_INET6) as other:
            return other.connect_ex(("::1", port)) == 0
    except OSError:
        return False

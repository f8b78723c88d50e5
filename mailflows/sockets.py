"""A connection to a server by its name; a practice desk opens none beyond this computer."""

import asyncio
import ipaddress
import os
import socket
from typing import Any

from committee.errors import Unavailable
from mailflows.accepted import NotLetIn

CONNECT_SECONDS = 30


async def connected(host: str, port: int, *, loopback_only: bool) -> socket.socket:
    """A connected socket; what is checked for `loopback_only` is each address that the name stands for, not the name.

    Raises `NotLetIn` where one of them is not loopback, `Unavailable` where none answers.
    """
    places = await _places(host, port)
    if loopback_only and not all(is_loopback(str(place[1][0])) for place in places):
        raise NotLetIn(
            f"This is a practice desk: it opens no connection beyond this computer, and {host} is not on it."
        )
    troubles = []
    for family, address in places:
        try:
            return await _connected_to(family, address)
        except (OSError, TimeoutError) as error:
            troubles.append(
                os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no answer in time"
            )
    raise Unavailable(f"{host}:{port} does not answer ({'; '.join(dict.fromkeys(troubles))[:300]})")


def names_this_computer(host: str) -> bool:
    """Whether a host's name can only mean this computer: nothing is looked up (RFC 6761, section 6.3)."""
    try:
        return is_loopback(host)
    except ValueError:
        bare = host.casefold().rstrip(".")
        return bare == "localhost" or bare.endswith(".localhost")


def is_loopback(address: str) -> bool:
    """Whether an IP address, as text, is this computer's own."""
    plain = ipaddress.ip_address(address.partition("%")[0])
    mapped = plain.ipv4_mapped if isinstance(plain, ipaddress.IPv6Address) else None
    return (mapped or plain).is_loopback


def own_name(line: socket.socket) -> str:
    """What EHLO says: this computer's full name, or its address (RFC 5321, 4.1.3); nothing is looked up."""
    name, address = socket.gethostname(), str(line.getsockname()[0])
    literal = f"IPv6:{address}" if ":" in address else address
    return name if "." in name and name.isascii() else f"[{literal}]"


async def _places(host: str, port: int) -> list[tuple[int, Any]]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(f"There is no address for {host!r} ({error})") from error
    return [(family, address) for family, _, _, _, address in found]


async def _connected_to(family: int, address: Any) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(0)
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection

"""The way to the world outside: short time-outs, no proxy, and never to a private address (security.md §2, SSRF)."""

import ipaddress
import socket
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0


def guarded_session() -> requests.Session:
    """Return a session whose connections go to public addresses only.

    The address that was checked is the one that is connected to, so a name server cannot change its mind in between.
    A private address is refused with `requests.ConnectionError`, before anything is sent there.
    """
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", _GuardedAdapter())
    session.mount("https://", _GuardedAdapter())
    return session


def session_for(host: str) -> requests.Session:
    """Return a session for a host of the operator's settings: unguarded only where he wrote a private address."""
    if host == "localhost" or (_is_address(host) and not _is_public(host)):
        session = requests.Session()
        session.trust_env = False
        return session
    return guarded_session()


class _GuardedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _GuardedPool, "https": _GuardedTlsPool}


class _GuardedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _GuardedTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _GuardedPool(HTTPConnectionPool):
    ConnectionCls: Any = _GuardedConnection


class _GuardedTlsPool(HTTPSConnectionPool):
    ConnectionCls: Any = _GuardedTlsConnection


def _connect(connection: HTTPConnection) -> socket.socket:
    try:
        address = public_address(connection.host, connection.port)
        return create_connection((address, connection.port), connection.timeout)
    except OSError as trouble:
        raise NewConnectionError(connection, f"no connection: {trouble}") from trouble


def public_address(host: str, port: int | None) -> str:
    """Resolve a name to what is then connected to; one private address among the answers is enough to refuse them.

    Raises OSError.
    """
    found = [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(_is_public(address) for address in found):
        raise OSError("a private address")
    return found[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return mapped.is_global and not mapped.is_multicast


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True

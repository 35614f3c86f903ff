"""One connection to a push service: HTTP/1.1 kept alive, one request at a time (RFC 9112). Nothing is followed.

An asynchronous one of our own, because 32 to 100 requests are under way in one thread: a synchronous client manages a
third of it. It reads what push services answer and no more: the status, `Retry-After`, and how long the body is.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from portal.outbox.outbound import public_address

ANSWER_SECONDS = 10.0
LONGEST_HEAD = 32_768
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_RETRY_AFTER = re.compile(rb"\r\nretry-after:[ \t]*([^\r\n]{1,60}?)[ \t]*\r\n", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection:[ \t]*close[ \t]*\r\n", re.IGNORECASE)

Address = tuple[str, int]
Resolve = Callable[[str], Address]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: str | None


class LineBroken(Exception):  # noqa: N818 - what happened, not whose fault
    """The connection ended, or nothing was heard for too long; `unheard` when the request met a dead connection."""

    def __init__(self, *, unheard: bool) -> None:
        super().__init__()
        self.unheard = unheard


class Line(asyncio.Protocol):
    """A connection; `open` while another request may be sent on it."""

    def __init__(self) -> None:
        self.open = False
        self._used = False
        self._heard = b""
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    async def ask(self, request: bytes) -> Answer:
        """Send a request and return its answer. Raises `LineBroken`."""
        transport, loop = self._transport, asyncio.get_running_loop()
        if transport is None or not self.open:
            raise LineBroken(unheard=True)
        self._heard, self._answer = b"", loop.create_future()
        alarm = loop.call_later(ANSWER_SECONDS, self._give_up)
        transport.write(request)
        try:
            return await self._answer
        finally:
            alarm.cancel()
            self._used, self._answer = True, None

    def close(self) -> None:
        self.open = False
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport, self.open = transport, True

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        self._break(unheard=self._used and not self._heard, cause=exc)

    def data_received(self, data: bytes) -> None:
        """Collect an answer; what comes unasked, or never ends, ends the connection."""
        self._heard += data
        head, end, body = self._heard.partition(b"\r\n\r\n")
        if self._answer is None or self._answer.done() or (not end and len(self._heard) > LONGEST_HEAD):
            self.close()
        elif end:
            self._read(head + b"\r\n", len(body))

    def _read(self, head: bytes, there: int) -> None:
        status = int(head[9:12]) if head.startswith(b"HTTP/1.") and head[9:12].isdigit() else 0
        length = _LENGTH.search(head)
        if status < 200:
            self.close()
        elif length is None and status != 204:
            self._hear(status, head, keep=False)  # its end could only be told by reading on
        elif there >= (wanted := int(length[1]) if length else 0):
            self._hear(status, head, keep=there == wanted and not _CLOSES.search(head))
        elif wanted > LONGEST_HEAD:
            self._hear(status, head, keep=False)

    def _hear(self, status: int, head: bytes, *, keep: bool) -> None:
        rest = _RETRY_AFTER.search(head)
        if self._answer:
            self._answer.set_result(Answer(status, rest[1].decode("latin-1") if rest else None))
        if not keep:
            self.close()

    def _give_up(self) -> None:
        self._break(unheard=False)
        self.close()

    def _break(self, *, unheard: bool, cause: Exception | None = None) -> None:
        if self._answer and not self._answer.done():
            broken = LineBroken(unheard=unheard)
            broken.__cause__ = cause
            self._answer.set_exception(broken)


def resolve_publicly(host: str) -> Address:
    """Return where a push service is; a private address is refused with OSError."""
    return public_address(host, 443), 443


async def open_line(host: str, address: Address, *, tls: ssl.SSLContext) -> Line:
    """Connect to an address that was checked, as the named host. Raises OSError."""
    _, line = await asyncio.get_running_loop().create_connection(Line, *address, ssl=tls, server_hostname=host)
    return line

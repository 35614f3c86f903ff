"""A load of HTTP requests from one thread: connections are kept open, requests are ready-made bytes.

A client that builds each request would measure itself. Loopback only, bounded by the number of requests.
"""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class Load:
    """What came back: how many answers of each status, in how long, and each answer's waiting time in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second; a refused or failed request makes the figure worthless, so it raises."""
        if bad := {status: n for status, n in self.statuses.items() if status >= 300}:
            raise RuntimeError(f"answers that are no success: {bad}")
        return sum(self.statuses.values()) / self.seconds


def request(base: str, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> bytes:
    """Return one request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(base).netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def fire(base: str, requests: Sequence[bytes], *, connections: int = 8) -> Load:
    """Send all requests over so many connections, each waiting for its answer before the next."""
    address = urlsplit(base)
    if address.hostname != "127.0.0.1":
        raise ValueError("loads go to this machine only")
    load, waiting = Load(), iter(requests)
    with selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for _ in range(min(connections, len(requests))):
            line = _Line(socket.create_connection((address.hostname, address.port or 80), timeout=30))
            line.send(next(waiting))
            selector.register(line.socket, selectors.EVENT_READ, line)
        while selector.get_map():
            for key, _ in selector.select(timeout=30):
                line: _Line = key.data
                if not line.receive():
                    continue
                load.statuses[line.status] += 1
                load.waits.append(time.perf_counter() - line.sent)
                following = next(waiting, None)
                if following is None:
                    selector.unregister(line.socket)
                    line.socket.close()
                else:
                    line.send(following)
        load.seconds = time.perf_counter() - started
    return load


def pour(base: str, requests: Sequence[bytes], *, per_second: float, connections: int = 200) -> dict[int, list[float]]:
    """Send requests at a pace whatever comes back; return the waits of each status, counted from when one was due."""
    address = urlsplit(base)
    if address.hostname != "127.0.0.1":
        raise ValueError("loads go to this machine only")
    waits: dict[int, list[float]] = {}
    with selectors.DefaultSelector() as selector:
        idle = [_Line(socket.create_connection(("127.0.0.1", address.port or 80), 30)) for _ in range(connections)]
        due, started = 0, time.perf_counter()
        while due < len(requests) or selector.get_map():
            while idle and due < len(requests) and started + due / per_second <= time.perf_counter():
                line = idle.pop()
                line.send(requests[due])
                line.sent = started + due / per_second
                selector.register(line.socket, selectors.EVENT_READ, line)
                due += 1
            for key, _ in selector.select(timeout=0.0005):
                line: _Line = key.data
                if line.receive():
                    waits.setdefault(line.status, []).append(time.perf_counter() - line.sent)
                    selector.unregister(line.socket)
                    idle.append(line)
        for line in idle:
            line.socket.close()
    return waits


class _Line:
    """One kept connection and the answer it is receiving."""

    def __init__(self, opened: socket.socket) -> None:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = opened
        self.received = b""
        self.sent = 0.0
        self.status = 0

    def send(self, what: bytes) -> None:
        self.received = b""
        self.sent = time.perf_counter()
        self.socket.sendall(what)

    def receive(self) -> bool:
        """Take what has come and tell whether the answer is complete."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        self.received += part
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        self.status = int(head[9:12])
        lowered = head.lower()
        if b"transfer-encoding: chunked" in lowered:
            return body.endswith(b"0\r\n\r\n")
        _, _, rest = lowered.partition(b"content-length:")
        return len(body) >= int(rest.split(b"\r\n", 1)[0] or b"0")

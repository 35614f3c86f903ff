"""Notes under way: many at once, and each service on its own, so that a slow one delays nobody else's.

A host has up to 32 of 96 places, fewer the slower it answers; what would wait too long for one, or for a service that
asked for rest, is handed back at once, to be fetched again later.
"""

import asyncio
import random
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.ids import made_at
from portal.outbox.job import LeasedJob
from portal.outbox.outbound import CONNECT_SECONDS
from portal.push.browser import Keys
from portal.push.endpoints import Endpoint
from portal.push.line import Address, Answer, Line, LineBroken, Resolve, open_line
from portal.push.note import PushNote
from portal.push.sealing import Sealer
from portal.push.verdict import Verdict, judge, unreachable

MOST_UNDER_WAY = 96
MOST_AT_A_HOST = 32
PATIENCE_SECONDS = 15.0
ADDRESS_SECONDS = 60.0
SLACK = timedelta(seconds=25)  # what a request may take, so that a lease does not end meanwhile


@dataclass(frozen=True, slots=True)
class Parcel:
    """A note on its way to one browser."""

    job: LeasedJob
    browser_id: str
    endpoint: Endpoint
    keys: Keys
    note: PushNote


@dataclass(slots=True)
class Host:
    """What is known of one host: what waits for it, its lines, how many seconds an answer takes, when one came.

    `heard_at` is the loop's time of the last answer, or of the first request after a rest.
    """

    name: str
    waiting: deque[Parcel] = field(default_factory=deque)
    idle: list[Line] = field(default_factory=list)
    carriers: int = 0
    pace: float = 0.1
    heard_at: float = 0.0
    rests_until: datetime | None = None
    address: Address | None = None
    address_ends_at: float = 0.0
    resolving: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def places(self) -> int:
        return _places(self.pace)

    def crowded(self, now: float) -> bool:
        """Tell whether who waits would wait too long; a host that says nothing is as slow as it has been silent."""
        pace = max(self.pace, now - self.heard_at) if self.carriers else self.pace
        return len(self.waiting) * pace / _places(pace) > PATIENCE_SECONDS

    def note_answer(self, *, asked_at: float, now: float) -> None:
        self.heard_at = now
        self.pace += (now - asked_at - self.pace) / 4


def _places(pace: float) -> int:
    """Return how many may be under way to a host: at a second an answer half of the most, at ten seconds two."""
    return max(2, min(MOST_AT_A_HOST, int(16 / pace)))


class Traffic:
    """Carries parcels within one event loop; what became of them gathers in `results`."""

    def __init__(
        self,
        sealer: Sealer,
        *,
        write: Callable[[PushNote], bytes],
        clock: Callable[[], datetime],
        resolve: Resolve,
        tls: ssl.SSLContext,
    ) -> None:
        self.results: list[tuple[Parcel, Verdict]] = []
        self.under_way = 0
        self._sealer = sealer
        self._write = write
        self._clock = clock
        self._resolve = resolve
        self._tls = tls
        self._hosts: dict[str, Host] = {}
        self._places = asyncio.Semaphore(MOST_UNDER_WAY)
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, parcel: Parcel) -> None:
        """Take a parcel; it is under way until it stands in `results`."""
        host = self._hosts.setdefault(parcel.endpoint.host, Host(parcel.endpoint.host))
        self.under_way += 1
        host.waiting.append(parcel)
        self._hand_back(host)
        if host.waiting and host.carriers < host.places:
            loop = asyncio.get_running_loop()
            if not host.carriers:
                host.heard_at = loop.time()
            host.carriers += 1
            task = loop.create_task(self._carry(host))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def relieve(self) -> None:
        """Hand back what waits too long for a host that says nothing: others may stand behind it."""
        for host in self._hosts.values():
            self._hand_back(host)

    def take_results(self) -> list[tuple[Parcel, Verdict]]:
        """Return the results so far; they are the caller's from here on."""
        results = list(self.results)
        self.results.clear()
        return results

    def hand_everything_back(self) -> None:
        """Stop: what waits is handed back, what is on a line goes on."""
        for host in self._hosts.values():
            while host.waiting:
                self._end(host.waiting.pop(), Verdict("rest", wait=timedelta(0)))

    def hang_up(self) -> None:
        """Close every line and drop what is still on one: its lease ends, and somebody sends it again."""
        for task in self._tasks:
            task.cancel()
        for host in self._hosts.values():
            while host.idle:
                host.idle.pop().close()

    def _hand_back(self, host: Host) -> None:
        now = self._clock()
        if host.rests_until and host.rests_until > now:
            while host.waiting:
                self._end(host.waiting.pop(), Verdict("rest", wait=_spread(host.rests_until - now)))
        instant = asyncio.get_running_loop().time()
        while host.waiting and host.crowded(instant):
            self._end(host.waiting.pop(), Verdict("rest", wait=_spread(timedelta(seconds=PATIENCE_SECONDS))))

    def _end(self, parcel: Parcel, verdict: Verdict) -> None:
        self.under_way -= 1
        self.results.append((parcel, verdict))

    async def _carry(self, host: Host) -> None:
        """Take parcels of a host to it one after the other, on a line of its own."""
        try:
            while host.waiting and host.carriers <= host.places:
                parcel = host.waiting.popleft()
                async with self._places:
                    verdict = await self._try(host, parcel)
                self._end(parcel, verdict)
                if verdict.fate == "rest" and verdict.wait:
                    host.rests_until = self._clock() + verdict.wait
                self._hand_back(host)
        finally:
            host.carriers -= 1

    async def _try(self, host: Host, parcel: Parcel) -> Verdict:
        try:
            return await self._send(host, parcel)
        except Exception as trouble:  # noqa: BLE001 - whatever is wrong with one note, the others go on
            return Verdict("bug", error=type(trouble).__name__)

    async def _send(self, host: Host, parcel: Parcel) -> Verdict:
        now = self._clock()
        seconds_left = parcel.note.ttl_seconds - int((now - made_at(parcel.job.id)).total_seconds())
        if seconds_left <= 0:
            return Verdict("late")
        if now > parcel.job.lease_ends_at - SLACK:
            return Verdict("rest", wait=timedelta(0))
        loop = asyncio.get_running_loop()
        request, started = self._request(parcel, seconds_left), loop.time()
        try:
            answer = await self._ask(host, request)
        except (OSError, LineBroken) as trouble:
            return unreachable(trouble, attempts=parcel.job.attempts)
        finally:
            host.note_answer(asked_at=started, now=loop.time())
        return judge(answer.status, retry_after=answer.retry_after, attempts=parcel.job.attempts, now=now)

    def _request(self, parcel: Parcel, seconds_left: int) -> bytes:
        sealed, note = self._sealer.seal(self._write(parcel.note), parcel.keys), parcel.note
        topic = f"Topic: {note.topic}\r\n" if note.topic else ""
        head = (
            f"POST {parcel.endpoint.target} HTTP/1.1\r\nHost: {parcel.endpoint.host}\r\n"
            f"Authorization: {sealed.authorization}\r\nTTL: {seconds_left}\r\nUrgency: {note.urgency}\r\n{topic}"
            "Content-Type: application/octet-stream\r\nContent-Encoding: aes128gcm\r\n"
            f"Content-Length: {len(sealed.body)}\r\n\r\n"
        )
        return head.encode("ascii") + sealed.body

    async def _ask(self, host: Host, request: bytes) -> Answer:
        """Ask on an idle line or a new one; an idle one that had died unnoticed is replaced."""
        while True:
            line = host.idle.pop() if host.idle else await self._open(host)
            try:
                answer = await line.ask(request)
            except LineBroken as broken:
                if not broken.unheard:
                    raise
                continue
            if line.open:
                host.idle.append(line)
            return answer

    async def _open(self, host: Host) -> Line:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_SECONDS):
            async with host.resolving:
                if host.address is None or host.address_ends_at < loop.time():
                    host.address = await loop.run_in_executor(None, self._resolve, host.name)
                    host.address_ends_at = loop.time() + ADDRESS_SECONDS
            return await open_line(host.name, host.address, tls=self._tls)


def _spread(wait: timedelta) -> timedelta:
    """Lengthen a wait by up to a quarter, so that what waited together does not come back together."""
    return wait * random.uniform(1, 1.25)  # noqa: S311 - spreads load, guards nothing

"""P8: a till scans a phone, `POST /members/identify`: `python benchmarks/p08_scan.py [sqlite|postgresql]`.

Every request is another member's fresh code: the key of the API is known and asked whether it stands, the MAC proved,
the balance told, and the code written down as seen after the answer. The limit is a bare Flask on the same server.
Firm ≥ .40, stretch ≥ .60.
"""

import json
import sys
import time

import bare
import load
import measure
import postgres
import shop
from sqlalchemy import text

from portal import clock
from portal.db import transaction
from portal.members.lookup import by_id
from portal.members.operations.sessions import open_session
from portal.members.queries.people import find_person
from portal.members.queries.sessions import find_card_device
from portal.members.rotating_code import draw_code, window_at

SCANS = 600
WRITTEN_SECONDS = 0.3
"""After so long the notes of a round are written; between rounds, where nothing is measured."""


def main(kind: str) -> None:
    """Print the ratio on one kind of database."""
    with postgres.one_of(kind) as url:
        ours = shop.open_shop(url, members=SCANS, welcome=300)
        signed = phones(ours)
        with shop.serving(url) as base, bare.serving() as limit:
            hello = [load.request(limit, "GET", "/")] * SCANS * 3
            shop.let_jobs_end(ours)
            measure.compare(
                f"P8 scan on {kind} / bare Flask",
                lambda: load.fire(base, _scans(base, ours, signed)).rate,
                lambda: load.fire(limit, hello).rate,
            )


def phones(ours: shop.Shop) -> list[tuple[str, bytes]]:
    """Sign every member in and return the card numbers with the keys of their phones."""
    found = []
    with transaction(ours.engine, writes=True) as session:
        for member in ours.members:
            opened = open_session(session, member, user_agent="", now=clock.now())
            device, person = find_card_device(session, opened.id), find_person(session, by_id(member))
            if device is None or person is None or person.card_number is None:
                raise RuntimeError("a member without a card")
            found.append((person.card_number, device.key))
    return found


def codes(phones: list[tuple[str, bytes]]) -> list[str]:
    """Return the codes that these phones show now."""
    window = window_at(clock.now())
    return [draw_code(number, key=key, window=window) for number, key in phones]


def _scans(base: str, ours: shop.Shop, phones: list[tuple[str, bytes]]) -> list[bytes]:
    """Return requests with the codes of this moment; those of the round before are forgotten, so that all are fresh."""
    time.sleep(WRITTEN_SECONDS)
    with transaction(ours.engine, writes=True) as session:
        session.execute(text("update card_device set last_window = null"))
    headers = {"Authorization": f"Bearer {ours.key}", "Content-Type": "application/json"}
    return [
        load.request(
            base, "POST", "/api/v1/members/identify", headers=headers, body=json.dumps({"code": code}).encode()
        )
        for code in codes(phones)
    ]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite")

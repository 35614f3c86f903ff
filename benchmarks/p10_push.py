"""P10: 10,000 notes to as many phones against npm `web-push`, sealing included, to a TLS server on this machine.

`python benchmarks/p10_push.py FOLDER`, where FOLDER holds `node_modules/web-push` (`npm install web-push`). Ours is the
whole fan-out: jobs leased from SQLite, notes sealed, sent, and the results committed. The limit reads its subscriptions
from a file and writes nothing down; it gets lines that are kept alive and 64 requests under way.
"""

import json
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent))

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from measure import compare, rate
from sqlalchemy import Engine, text

from portal import clock
from portal.config import Settings
from portal.db import make_engine, transaction
from portal.ids import new_id
from portal.jobs import fan_out
from portal.migrations.steps import migrate
from portal.push import operations as push
from portal.push.fan_out import FanOut
from portal.push.message import Pictures, write_message
from portal.push.note import PushNote
from portal.push.server_key import application_server_key
from portal.vapid import make_private_key
from tests.push.service import HOSTS, b64, make_certificate

PHONES = 10_000
SCRIPT = Path(__file__).with_suffix(".js")
NOTE = PushNote(
    title="120 баллов начислено",
    body="До золотого уровня осталось 140. Баллы сгорят 4 сентября.",
    path="/home",
    language="ru",
    tag="balance",
    topic="balance",
    ttl_seconds=3600,
    badge=1,
)


def make_subscriptions() -> list[dict[str, Any]]:
    subscriptions = []
    for n in range(PHONES):
        public = ec.generate_private_key(ec.SECP256R1()).public_key()
        keys = {
            "p256dh": b64(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
            "auth": b64(b"a" * 16),
        }
        subscriptions.append({"endpoint": f"https://{HOSTS[0]}/fcm/send/phone-{n:06d}", "keys": keys})
    return subscriptions


def fill(engine: Engine, subscriptions: list[dict[str, Any]]) -> None:
    """Put one member with as many signed-in phones into the database."""
    now = clock.now()
    member, us = new_id(now), int(now.timestamp() * 1e6)
    later = us + int(timedelta(days=300).total_seconds() * 1e6)
    sessions = [new_id(now) for _ in subscriptions]
    with transaction(engine, writes=True) as session:
        session.execute(
            text("insert into member (id, state, joined_at, language) values (:id, 'active', :at, 'ru')"),
            {"id": member, "at": us},
        )
        session.execute(
            text(
                "insert into login_session (id, token_hash, member_id, label, created_at, seen_at, open_until,"
                " fresh_until, ends_at) values (:id, :id, :member, '', :at, :at, :at, :at, :later)"
            ),
            [{"id": each, "member": member, "at": us, "later": later} for each in sessions],
        )
        session.execute(
            text(
                "insert into push_subscription (id, endpoint, p256dh, auth, member_id, session_id, created_at,"
                " failures) values (:id, :endpoint, :p256dh, :auth, :member, :session, :at, 0)"
            ),
            [
                {
                    "id": new_id(now),
                    "endpoint": told["endpoint"],
                    **told["keys"],
                    "member": member,
                    "session": each,
                    "at": us,
                }
                for told, each in zip(subscriptions, sessions, strict=True)
            ],
        )


def post(engine: Engine) -> None:
    with transaction(engine, writes=True) as session:
        member = session.execute(text("select id from member")).scalar_one()
        session.execute(text("delete from job"))
        assert push.post_push(session, member, replace(NOTE, topic=None), now=clock.now()) == PHONES
        session.execute(text("update job set arguments = json_set(arguments, '$.note.topic', 'balance')"))


def ours(sender: FanOut, engine: Engine) -> float:
    post(engine)
    measured = rate(sender.run_due)
    with transaction(engine, writes=False) as session:
        done = session.execute(text("select count(*) from job where state = 'done'")).scalar_one()
    if done != PHONES:
        raise RuntimeError(f"{done} of {PHONES} notes arrived")
    return measured


@contextmanager
def tls_server(folder: Path) -> Iterator[tuple[int, Path]]:
    certificate, key = make_certificate(folder)
    command = ["node", str(SCRIPT), "serve", str(key), str(certificate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline()), certificate
        finally:
            server.terminate()


def main(modules: str) -> None:
    """Print the ratio."""
    key, subscriptions = make_private_key(), make_subscriptions()
    with tempfile.TemporaryDirectory() as name, tls_server(Path(name)) as (port, certificate):
        folder = Path(name)
        url = f"sqlite:///{folder / 'push.db'}"
        engine = make_engine(url)
        migrate(engine)
        fill(engine, subscriptions)
        settings = Settings(
            _env_file=None,
            database_url=url,
            secret_key="s" * 48,
            push_private_key=key,
            push_contact="mailto:it@shop.ru",
        )
        sender = fan_out(
            settings,
            engine,
            owner="benchmark",
            clock=clock.now,
            stopped=lambda: False,
            resolve=lambda _host: ("127.0.0.1", port),
            tls=ssl.create_default_context(cafile=str(certificate)),
        )
        assert sender
        job = folder / "job.json"
        message = write_message(
            NOTE, origin=settings.origin, pictures=Pictures(icon="/icons/i.png", badge="/icons/b.png")
        )
        told = {"publicKey": application_server_key(key), "privateKey": key, "text": message.decode()}
        job.write_text(json.dumps({"subscriptions": subscriptions, **told}), encoding="utf-8")
        command = ["node", str(SCRIPT), "send", str(Path(modules).resolve()), str(port), str(job)]

        def theirs() -> float:
            return float(subprocess.check_output(command, text=True))

        compare("P10 push fan-out / npm web-push", lambda: ours(sender, engine), theirs)
        sender.close()


if __name__ == "__main__":
    main(sys.argv[1])

"""A sender in a process of its own, to be killed.

python -m tests.push.sender_process URL KEY PORT CERTIFICATE MINUTES
"""

import ssl
import sys
from datetime import datetime, timedelta

from portal.config import Settings
from portal.db import make_engine
from portal.jobs import fan_out


def main(url: str, key: str, port: int, certificate: str, now: datetime) -> None:
    settings = Settings(
        _env_file=None, database_url=url, secret_key="s" * 48, push_private_key=key, push_contact="mailto:it@shop.ru"
    )
    sender = fan_out(
        settings,
        make_engine(url),
        owner=f"process-{now.isoformat()}",
        clock=lambda: now,
        stopped=lambda: False,
        resolve=lambda _host: ("127.0.0.1", port),
        tls=ssl.create_default_context(cafile=certificate),
    )
    assert sender
    print("ready", flush=True)
    print(sender.run_due(), flush=True)


if __name__ == "__main__":
    told, minutes = sys.argv[1:-1], sys.argv[-1]
    main(
        told[0],
        told[1],
        int(told[2]),
        told[3],
        datetime.fromisoformat("2026-03-04T12:00:00Z") + timedelta(minutes=int(minutes)),
    )

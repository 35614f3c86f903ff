"""How far the job workers are behind, in Prometheus' words."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import Engine

from portal.clock import now
from portal.db import DATABASE_AWAY, transaction
from portal.outbox.queries import backlog


def backlog_figures(engine: Engine) -> bytes:
    """Return the jobs due, the dead ones and the longest wait; nothing while the database is away."""
    try:
        with transaction(engine, writes=False) as session:
            measured = backlog(session, now=now())
    except DATABASE_AWAY:
        return b""
    registry = CollectorRegistry()
    figures = {
        "portal_jobs_due": ("Jobs that should have been started.", measured.due),
        "portal_jobs_dead": ("Jobs that were given up and wait for the staff.", measured.dead),
        "portal_jobs_delay_seconds": ("For how long the first of them has been due.", measured.delay.total_seconds()),
    }
    for name, (meaning, value) in figures.items():
        Gauge(name, meaning, registry=registry).set(value)
    return generate_latest(registry)

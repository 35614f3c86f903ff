from datetime import timedelta
from ipaddress import ip_network

import pytest
from sqlalchemy import Engine, text

from portal import clock
from portal.config import Settings
from portal.db import Batch, transaction
from portal.factory import Portal, create_app
from portal.outbox.operations import enqueue


def test_the_process_is_alive_without_a_database(settings: Settings):
    app = create_app(settings.model_copy(update={"database_url": "postgresql://127.0.0.1:9/nowhere"}))
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503


def test_a_migrated_database_is_ready(app: Portal):
    assert app.test_client().get("/readyz").json == {"status": "ready"}


def test_a_database_of_another_version_is_not_ready(app: Portal, sqlite: Engine):
    with sqlite.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'older'"))
    assert app.test_client().get("/readyz").status_code == 503


def test_readiness_is_told_while_somebody_writes(app: Portal, sqlite: Engine):
    with transaction(sqlite, writes=True) as session:
        session.execute(text("update alembic_version set version_num = 'newer'"))
        assert app.test_client().get("/readyz").status_code == 200


@pytest.mark.parametrize(("allowed", "status"), [("127.0.0.0/8", 200), ("10.0.0.0/8", 404)])
def test_figures_are_for_allowed_addresses(settings: Settings, allowed: str, status: int):
    app = create_app(settings.model_copy(update={"metrics_allow": (ip_network(allowed),)}))
    assert app.test_client().get("/metrics").status_code == status


@pytest.mark.parametrize(
    ("proxies", "told", "status"),
    [
        (0, "10.0.0.1", 404),
        (0, "127.0.0.1", 404),
        (1, "10.0.0.1", 404),
        (1, "127.0.0.1", 200),
        (1, "127.0.0.1, 9.9.9.9", 404),
    ],
)
def test_figures_are_not_for_callers_behind_a_proxy(settings: Settings, proxies: int, told: str, status: int):
    app = create_app(settings.model_copy(update={"trusted_proxies": proxies}))
    assert app.test_client().get("/metrics", headers={"X-Forwarded-For": told}).status_code == status


def test_answers_are_counted_by_route(app: Portal):
    client = app.test_client()
    client.get("/healthz")
    assert 'portal_requests_total{method="GET",route="/healthz",status="2xx"}' in client.get("/metrics").text


def test_a_method_that_somebody_made_up_gets_no_figure_of_its_own(app: Portal):
    client = app.test_client()
    for method in ("BREW", "TRACE"):
        client.open("/healthz", method=method)
    told = client.get("/metrics").text
    assert 'portal_requests_total{method="other",route="none",status="4xx"}' in told
    assert "BREW" not in told


def test_the_backlog_of_jobs_is_told(app: Portal, sqlite: Engine):
    batch = Batch()
    enqueue(batch, "note", arguments={}, now=clock.now() - timedelta(minutes=1))
    with transaction(sqlite, writes=True) as session:
        batch.flush(session)
    told = app.test_client().get("/metrics").text
    assert "portal_jobs_due 1.0" in told
    assert "portal_jobs_dead 0.0" in told


def test_figures_are_told_while_the_database_is_away(settings: Settings):
    app = create_app(settings.model_copy(update={"database_url": "postgresql://127.0.0.1:9/nowhere"}))
    assert app.test_client().get("/metrics").status_code == 200

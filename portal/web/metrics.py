"""Figures for Prometheus at `/metrics`, for the addresses that settings allow; all worker processes together."""

from functools import cache
from ipaddress import ip_address

from flask import Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from portal.clock import monotonic
from portal.config import Networks
from portal.web.backlog import backlog_figures
from portal.web.guards import guarded_by
from portal.web.here import asked, noted
from portal.web.transactions import engine, opens_its_own

REQUESTS = Counter("portal_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "portal_request_seconds",
    "Time to answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
TURNED_AWAY = Counter("portal_turned_away", "Requests answered with 503 because the process was full.")
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""The methods that are counted by name; whoever makes up others would fill the memory with a figure for each."""


def register(app: Flask, *, allow: Networks, trusts_proxy: bool, shared: str | None) -> None:
    """Count every answer and serve the figures; `shared` is the folder in which worker processes keep theirs.

    What came through a proxy that is not trusted has the proxy's address, not the caller's, and is turned away.
    """

    @app.after_request
    def _count(response: Response) -> Response:
        answered = asked()
        route = answered.url_rule.rule if answered.url_rule else "none"
        method = answered.method if answered.method in METHODS else "other"
        _requests(method, route, response.status_code // 100).inc()
        if started := noted().get("started"):
            _seconds(route).observe(monotonic() - started)
        return response

    def check_address() -> None:
        caller = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - an address to compare, not to bind
        disguised = "X-Forwarded-For" in request.headers and not trusts_proxy
        if disguised or not any(caller in network for network in allow):
            abort(404)

    @app.get("/metrics")
    @guarded_by("allowed address", check=check_address)
    @opens_its_own
    def metrics() -> Response:
        figures = generate_latest(_registry(shared)) + backlog_figures(engine())
        return Response(figures, content_type=CONTENT_TYPE_LATEST)


@cache
def _requests(method: str, route: str, hundreds: int) -> Counter:
    return REQUESTS.labels(method, route, f"{hundreds}xx")


@cache
def _seconds(route: str) -> Histogram:
    return SECONDS.labels(route)


def _registry(shared: str | None) -> CollectorRegistry:
    if shared is None:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=shared)
    return registry

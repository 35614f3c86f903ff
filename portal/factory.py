"""Builds the application; knows everyone."""

import sys
from collections.abc import Callable, Iterable
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter

from portal import api, cli, member, migrations, till, web
from portal.config import ROOT, Settings, SettingsError, load_settings, metrics_folder
from portal.db import Afterwards, make_engine
from portal.web import bodies, compression, errors, gate, health, logs, metrics, plain, render, static, transactions
from portal.web.headers import headers_of_files

DOORS = (web, member, till, api, cli)  # web first: it prepares what pages share


class Portal(Flask):
    """A Flask application whose requests, hooks before the view included, run in one transaction each."""

    jinja_environment = render.Templates
    response_class = plain.Answer
    entrance: WSGIApplication

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the request pass the proxy headers, the static files and the gate before Flask sees it."""
        return self.entrance(environ, start_response)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take views and hooks as they are: none is a coroutine, and asking each cost 4 % of a short request."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        return None if request is None else plain.routes_for(request, self.url_map)

    def preprocess_request(self) -> None:
        """Leave the hooks to `dispatch_request`, where the transaction is open."""

    def process_response(self, response: Response) -> Response:
        """Run the application's own hooks: blueprints have none, and to look for theirs costs more than one."""
        for hook in reversed(self.after_request_funcs[None]):
            response = cast("Response", hook(response))
        self.session_interface.save_session(self, cast("Any", request_ctx)._session, response)  # noqa: SLF001 - unseen
        return response

    def dispatch_request(self) -> ResponseReturnValue:
        return transactions.in_transaction(self._answer, app=self)

    def _answer(self) -> ResponseReturnValue:
        for hook in self.before_request_funcs[None]:
            answer = hook()
            if answer is not None:
                return cast("ResponseReturnValue", answer)
        return super().dispatch_request()


def start() -> Portal:
    """Build the application from the environment, for a server; wrong settings end the process with one line each."""
    logs.set_up()
    try:
        app = create_app(load_settings())
    except SettingsError as error:
        sys.exit(str(error))
    app.extensions["afterwards"] = Afterwards(app.extensions["engine"])
    return app


def create_app(settings: Settings) -> Portal:
    """Build the application for these settings; the database is connected to at the first request."""
    app = Portal("portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=bodies.MOST_BYTES)
    app.add_template_global(static.static_url)
    app.extensions["settings"] = settings
    app.extensions["engine"] = make_engine(settings.database_url)
    trusts_proxy = settings.trusted_proxies > 0
    compression.register(app)
    logs.register(app, trusts_proxy=trusts_proxy)
    metrics.register(app, allow=settings.metrics_allow, trusts_proxy=trusts_proxy, shared=metrics_folder())
    health.register(app, is_ready=_is_ready())
    for door in DOORS:
        door.register(app)
    app.entrance = _entrance(app, settings)
    return app


def _is_ready() -> Callable[[], bool]:
    newest = migrations.newest()
    return lambda: migrations.current(transactions.engine()) == newest


def _entrance(app: Portal, settings: Settings) -> WSGIApplication:
    gated = gate.Gate(
        app.wsgi_app,
        count_away=metrics.TURNED_AWAY.inc,
        away=errors.full_house(app),
    )
    whole = bodies.BodyFirst(gated, turn_away=gated.turn_away)
    outer = static.serve(whole, headers=headers_of_files(https=settings.https))
    hops = settings.trusted_proxies
    return ProxyFix(outer, x_for=hops, x_proto=hops, x_host=hops) if hops else outer

"""The door of tills and shops: JSON under /api/v1 (api.md)."""

from flask import Flask

from portal.api import errors, receipts
from portal.api.api import api
from portal.api.docs import describe_at_docs
from portal.api.pace import Pace
from portal.config import Settings

OPERATIONS = (receipts,)
"""The modules that declare operations; importing them is what registers them."""

describe_at_docs(api)


def register(app: Flask) -> None:
    """Serve the API; it answers its errors by itself, as problem documents."""
    settings: Settings = app.extensions["settings"]
    app.extensions["api_pace"] = Pace(settings.api_rate)
    app.register_blueprint(api.blueprint)
    errors.answer_errors(app, api.blueprint)

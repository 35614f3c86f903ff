"""The door of tills and shops: JSON under /api/v1 (api.md)."""

from flask import Flask

from portal.api import (
    adjustments,
    approvals,
    batch,
    catalogue,
    certificates,
    entries,
    errors,
    events,
    holds,
    identify,
    invites,
    members,
    perks,
    receipt_lookup,
    receipts,
    tiers,
)
from portal.api.api import PREFIX, api
from portal.api.docs import describe_at_docs
from portal.api.known_keys import KnownKeys
from portal.api.pace import Pace
from portal.config import Settings

OPERATIONS = (
    receipts, batch, receipt_lookup, holds, approvals, identify, members, invites, entries, adjustments, events, perks,
    certificates, tiers, catalogue,
)  # fmt: skip
"""The modules that declare operations; importing them is what registers them."""

errors.answer_in(api.blueprint)
describe_at_docs(api)


def register(app: Flask) -> None:
    """Serve the API; it answers its errors by itself, as problem documents."""
    settings: Settings = app.extensions["settings"]
    app.extensions["api_pace"] = Pace(settings.api_rate)
    app.extensions["api_keys"] = KnownKeys()
    app.register_blueprint(api.blueprint)
    errors.answer_under(PREFIX, app)

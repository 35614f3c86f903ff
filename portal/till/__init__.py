"""The till's pages, on devices that were let in: one module for each, one line here."""

from flask import Flask

from portal.till import app as till_app
from portal.till import (
    asking,
    certificates,
    correction,
    corrections,
    coupons,
    enrol,
    gifts,
    goods,
    held,
    join,
    last_receipts,
    over,
    own_card,
    queue,
    quote,
    recent,
    record,
    refund,
    requests,
    returned,
    rewards,
    scan,
    shelf,
    shift,
    sign_in,
)

PAGES = (
    till_app,
    asking,
    certificates,
    correction,
    corrections,
    coupons,
    enrol,
    gifts,
    goods,
    held,
    join,
    last_receipts,
    over,
    own_card,
    queue,
    quote,
    recent,
    record,
    refund,
    requests,
    returned,
    rewards,
    scan,
    shelf,
    shift,
    sign_in,
)


def register(app: Flask) -> None:
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    over.lead_on(app)

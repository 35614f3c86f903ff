"""The member's pages: one module for each, one line here."""

from flask import Flask

from portal.member import (
    approve,
    calculator,
    card,
    clients,
    demo_link,
    devices,
    history,
    holiday,
    home,
    inbox,
    install,
    invite,
    invited,
    landing,
    messages,
    offers,
    papers,
    profile,
    push,
    rewards,
    route,
    session,
    sign_in,
    tier,
    unsubscribe,
    welcome,
    wishes,
)

PAGES = (
    approve, calculator, card, clients, demo_link, devices, history, holiday, home, inbox, install, invite, invited,
    landing, messages, offers, papers, profile, push, rewards, route, session, sign_in, tier, unsubscribe, welcome,
    wishes,
)  # fmt: skip


def register(app: Flask) -> None:
    for page in PAGES:
        app.register_blueprint(page.blueprint)

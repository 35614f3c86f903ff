"""The member's pages: one module for each, one line here."""

from flask import Flask

from portal.member import (
    calculator,
    card,
    demo_link,
    history,
    home,
    install,
    landing,
    papers,
    profile,
    session,
    sign_in,
    welcome,
)

PAGES = (calculator, card, demo_link, history, home, install, landing, papers, profile, session, sign_in, welcome)


def register(app: Flask) -> None:
    for page in PAGES:
        app.register_blueprint(page.blueprint)

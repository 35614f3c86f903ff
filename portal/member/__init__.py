"""The member's pages: one module for each, one line here."""

from flask import Flask

from portal.member import calculator, card, landing, papers, profile, sign_in

PAGES = (calculator, card, landing, papers, profile, sign_in)


def register(app: Flask) -> None:
    for page in PAGES:
        app.register_blueprint(page.blueprint)

"""What all pages share: rendering, language, formats, forms, guards, sessions, security headers."""

from flask import Flask

from portal.config import Settings
from portal.web import (
    ahead,
    choices,
    csrf,
    errors,
    headers,
    hx,
    icons,
    instant,
    language,
    manifest,
    render,
    robots,
    sessions,
    shell,
    stylesheet,
    unstorable,
)


def register(app: Flask) -> None:
    """Give the app what every page needs; doors are registered after it."""
    settings: Settings = app.extensions["settings"]
    sheets = (stylesheet.day_sheet(settings.brand_hue), stylesheet.night_sheet(), stylesheet.till_sheet())
    hx.speak_htmx(app)
    unstorable.refuse_unstorable(app)
    instant.keep_time(app)
    language.speak(app, languages=settings.languages)
    sessions.keep_sessions(app, https=settings.https)
    csrf.refuse_forgeries(app)
    headers.send_security_headers(app, https=settings.https)
    drawn = icons.icons_of(settings.icon_folder, hue=settings.brand_hue)
    look = render.look_of(settings, sheets=sheets, icons=drawn)
    render.set_up_templates(app, look=look)
    errors.answer_errors(app)
    app.register_blueprint(stylesheet.sheet_blueprint(*sheets))
    app.register_blueprint(icons.icon_blueprint(drawn))
    for part in (ahead, choices, manifest, robots, shell):
        app.register_blueprint(part.blueprint)

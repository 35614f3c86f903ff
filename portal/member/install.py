"""How the app is put on this phone: the steps of each browser, those of the visitor's own open."""

import re

from flask import Blueprint, Response, request

from portal.web.guards import public
from portal.web.render import page
from portal.web.transactions import opens_its_own

blueprint = Blueprint("install", __name__)

_BROWSERS = (
    ("iphone", r"iPhone|iPad|iPod"),
    ("samsung", r"SamsungBrowser"),
    ("firefox", r"Android.*Firefox"),
    ("yandex", r"Android.*YaBrowser"),
    ("android", r"Android"),
    ("mac", r"Macintosh.*Version/\S+ Safari"),
)
_MESSENGERS = re.compile(r"Telegram|VKAndroidApp|VKiOS|vkclient|com\.vk|Instagram|FBA[NV]|MessengerLite|; wv\)")


@blueprint.get("/install")
@public
@opens_its_own
def install() -> Response:
    agent = request.user_agent.string
    return page("app/install.html", own=browser_of(agent), within=inside_of_another_app(agent))


def browser_of(agent: str) -> str:
    """Return whose steps fit the browser: `iphone`, `samsung`, `firefox`, `yandex`, `android`, `mac` or `computer`."""
    return next((name for name, pattern in _BROWSERS if re.search(pattern, agent)), "computer")


def inside_of_another_app(agent: str) -> bool:
    """Tell whether the page stands in the window of a messenger, which cannot install anything."""
    return bool(_MESSENGERS.search(agent))

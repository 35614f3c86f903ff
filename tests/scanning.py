"""A hand scanner: digits at its own pace, however busy the machine is that it is plugged into."""

from itertools import count

from playwright.sync_api import Page

KEY_S = 0.005


def scan(page: Page, digits: str, *, enter: bool = True) -> None:
    """Type as a hand scanner does, wherever the focus is; `enter` is how most of them end."""
    devtools = page.context.new_cdp_session(page)
    times = (page.evaluate("performance.timeOrigin + performance.now()") / 1000 + n * KEY_S for n in count())
    keys = [{"key": digit, "code": f"Digit{digit}", "text": digit} for digit in digits]
    for key in [*keys, {"key": "Enter", "code": "Enter", "text": "\r"}] if enter else keys:
        at = next(times)
        devtools.send("Input.dispatchKeyEvent", {**key, "type": "keyDown", "timestamp": at})
        devtools.send("Input.dispatchKeyEvent", {**key, "type": "keyUp", "timestamp": at})
    devtools.detach()

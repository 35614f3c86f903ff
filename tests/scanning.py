"""A hand scanner: digits at its own pace, however busy the machine is that it is plugged into."""

from playwright.sync_api import Page

KEY_S = 0.005


def scan(page: Page, digits: str, *, enter: bool = True) -> None:
    """Type as a hand scanner does, wherever the focus is; `enter` is how most of them end."""
    devtools = page.context.new_cdp_session(page)
    began = page.evaluate("performance.timeOrigin + performance.now()") / 1000
    keys = [{"key": digit, "code": f"Digit{digit}", "text": digit} for digit in digits]
    for n, key in enumerate([*keys, {"key": "Enter", "code": "Enter", "text": "\r"}] if enter else keys):
        for type_ in ("keyDown", "keyUp"):
            devtools.send("Input.dispatchKeyEvent", {**key, "type": type_, "timestamp": began + n * KEY_S})
    devtools.detach()

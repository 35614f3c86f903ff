"""Nothing a browser tells is believed: addresses stand at push services of the settings, keys are keys."""

import socket
from typing import Any

import pytest

from portal.config import PUSH_HOSTS
from portal.push.browser import NotASubscription, UnknownPushService, read_subscription
from portal.push.endpoints import LONGEST_ENDPOINT, read_endpoint
from portal.push.line import resolve_publicly
from tests.push.conftest import PushShop
from tests.push.service import Phone, b64

GOOD = Phone("pixel").subscription
HOSTILE = [
    "http://fcm.googleapis.com/fcm/send/x",
    "https://fcm.googleapis.com:8443/fcm/send/x",
    "https://fcm.googleapis.com:443@evil.example/x",
    "https://user@fcm.googleapis.com/x",
    "https://user:word@fcm.googleapis.com/x",
    "https://fcm.googleapis.com@evil.example/x",
    "https://evil.example/https://fcm.googleapis.com/x",
    "https://evil.example#.push.apple.com/x",
    "https://evil.example?.push.apple.com/x",
    "https://evil.example\\.push.apple.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evilfcm.googleapis.com/x",
    "https://x.fcm.googleapis.com/x",
    "https://push.apple.com/x",
    "https://evilpush.apple.com/x",
    "https://.push.apple.com/x",
    "https://web.push.apple.com./x",
    "https://web.push.apple.com",
    "https://FCM.googleapis.com/x",
    "https://fcm.googleapis.com/x y",
    "https://fcm.googleapis.com/x\r\nX-Evil: 1",
    "https://fcm.googleapis.com/x#part",
    "https://fcm.googleapis.com/х",
    "https://fcm。googleapis。com/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://169.254.169.254/latest/meta-data",
    "https://2130706433/x",
    "https://localhost/x",
    "//fcm.googleapis.com/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "",
    "https://fcm.googleapis.com/" + "x" * LONGEST_ENDPOINT,
]


@pytest.mark.parametrize(
    ("endpoint", "service"),
    [
        ("https://fcm.googleapis.com/fcm/send/dA:APA91b-_x", "fcm.googleapis.com"),
        ("https://fcm.googleapis.com:443/wp/x", "fcm.googleapis.com"),
        ("https://updates.push.services.mozilla.com/wpush/v2/gAAAAA", ".push.services.mozilla.com"),
        ("https://web.push.apple.com/QJ-x", ".push.apple.com"),
        ("https://wns2-par02p.notify.windows.com/w/?token=BQYAAAA%2b%2fx", ".notify.windows.com"),
    ],
)
def test_addresses_of_the_four_services_are_taken(endpoint: str, service: str):
    found = read_endpoint(endpoint, services=PUSH_HOSTS)
    assert found
    assert found.service == service
    assert f"https://{found.host}{found.target}" == endpoint.replace(":443", "")


@pytest.mark.parametrize("endpoint", HOSTILE)
def test_any_other_address_is_refused(endpoint: str):
    assert read_endpoint(endpoint, services=PUSH_HOSTS) is None
    with pytest.raises(UnknownPushService):
        read_subscription({**GOOD, "endpoint": endpoint}, services=PUSH_HOSTS)


def test_what_a_browser_gives_is_read_and_written_alike():
    keys = read_subscription(GOOD, services=PUSH_HOSTS)
    assert {"p256dh": keys.p256dh, "auth": keys.auth} == GOOD["keys"]
    padded = {name: key + "=" * (-len(key) % 4) for name, key in GOOD["keys"].items()}
    assert read_subscription({**GOOD, "keys": padded}, services=PUSH_HOSTS) == keys


POINT = Phone("pixel").point


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "text",
        {},
        {"endpoint": GOOD["endpoint"]},
        {**GOOD, "endpoint": 7},
        {**GOOD, "endpoint": None},
        {**GOOD, "keys": None},
        {**GOOD, "keys": []},
        *(
            {**GOOD, "keys": {**GOOD["keys"], name: wrong}}
            for name in ("p256dh", "auth")
            for wrong in (None, 7, "", "!!!!", "ключ", "A" * 200, b64(b"short"))
        ),
        {**GOOD, "keys": {**GOOD["keys"], "p256dh": b64(b"\x04" + b"\x01" * 64)}},
        {**GOOD, "keys": {**GOOD["keys"], "p256dh": b64(bytes([2 + POINT[-1] % 2]) + POINT[1:33])}},
        {**GOOD, "keys": {**GOOD["keys"], "p256dh": b64(b"\x00")}},
        {**GOOD, "keys": {**GOOD["keys"], "auth": b64(b"0123456789abcde")}},
    ],
)
def test_what_is_no_subscription_is_refused(told: Any):
    with pytest.raises(NotASubscription):
        read_subscription(told, services=PUSH_HOSTS)


def names_lead_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def lie(host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", lie)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.5", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0"],
)
def test_a_name_that_leads_to_a_private_address_leads_nowhere(address: str, monkeypatch: pytest.MonkeyPatch):
    for addresses in ((address,), ("93.184.216.34", address), (address, "93.184.216.34")):
        names_lead_to(monkeypatch, *addresses)
        with pytest.raises(OSError, match="private"):
            resolve_publicly("fcm.googleapis.com")
    names_lead_to(monkeypatch, "93.184.216.34")
    assert resolve_publicly("fcm.googleapis.com") == ("93.184.216.34", 443)


def test_a_private_address_is_not_connected_to(shop: PushShop, ada: str, monkeypatch: pytest.MonkeyPatch):
    """The port is that of the service on loopback, so a connection would be seen."""
    names_lead_to(monkeypatch, "127.0.0.1")
    shop.phone(ada, "pixel")
    shop.post(ada)
    shop.sender(resolve=lambda host: (resolve_publicly(host)[0], shop.service.port)).run_due()
    assert shop.service.connections == 0
    assert shop.jobs() == [("waiting", 1)]


def test_a_service_taken_off_the_settings_gets_nothing_more(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)
    sender = shop.sender()
    sender.fan_out.services = ("web.push.apple.com",)
    sender.run_due()
    assert shop.service.connections == 0
    assert shop.jobs() == [("cancelled", 1)]


def test_a_service_with_another_certificate_gets_nothing(shop: PushShop, ada: str):
    shop.phone(ada, "pixel")
    shop.post(ada)
    shop.sender(tls=None).run_due()
    assert shop.service.received["pixel"] == []
    assert shop.jobs() == [("waiting", 1)]

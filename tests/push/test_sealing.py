"""What is sealed is what the phone reads, and who sends it is said as every service wants it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.push.browser import Keys, read_subscription
from portal.push.message import MOST_BYTES, NoteTooLong, Pictures, check_length, write_message
from portal.push.note import PushNote
from portal.push.sealing import Sealer
from portal.push.server_key import application_server_key
from portal.vapid import make_private_key
from tests.push.service import HOSTS, Phone, unb64, wrong_signature

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
KEY = make_private_key()
PHONE = Phone("pixel")
KEYS = read_subscription(PHONE.subscription, services=HOSTS)
PICTURES = Pictures(icon="/icons/any.png", badge="/icons/badge.png")


def sealer(*, now: datetime = NOON, contact: str = "mailto:it@shop.ru") -> Sealer:
    return Sealer(KEY, contact=contact, clock=lambda: now)


@given(text=st.binary(max_size=MOST_BYTES))
def test_any_text_is_opened_as_it_was_sealed(text: bytes):
    assert PHONE.open(sealer().seal(text, KEYS).body) == text


def test_no_two_seals_are_alike():
    one = sealer()
    assert one.seal(b"x", KEYS).body != one.seal(b"x", KEYS).body


@pytest.mark.parametrize("contact", ["mailto:it@shop.ru", "https://shop.ru/it"])
def test_services_believe_the_signature(contact: str):
    header = sealer(contact=contact).seal(b"", KEYS).authorization
    public_key = application_server_key(KEY)
    assert wrong_signature(header, public_key=public_key, origin=f"https://{PHONE.host}", now=NOON) is None
    assert json.loads(unb64(header.split(".")[1]))["sub"] == contact


def test_a_port_belongs_to_the_audience():
    keys = Keys(endpoint="https://push.shop.ru:8443/x", p256dh=KEYS.p256dh, auth=KEYS.auth)
    header = sealer().seal(b"", keys).authorization
    origin = "https://push.shop.ru:8443"
    assert wrong_signature(header, public_key=application_server_key(KEY), origin=origin, now=NOON) is None


def test_a_service_is_signed_for_once_until_shortly_before_the_end():
    now = NOON
    one = Sealer(KEY, contact="mailto:it@shop.ru", clock=lambda: now)
    first = one.seal(b"", KEYS).authorization
    other = Keys(endpoint="https://web.push.apple.com/x", p256dh=KEYS.p256dh, auth=KEYS.auth)
    assert one.seal(b"", other).authorization != first
    public_key, origin = application_server_key(KEY), f"https://{PHONE.host}"
    for hours, kept in ((10.9, True), (11.1, False), (30, False)):
        now = NOON + timedelta(hours=hours)
        header = one.seal(b"", KEYS).authorization
        assert (header == first) is kept
        assert wrong_signature(header, public_key=public_key, origin=origin, now=now) is None


def note(**given: object) -> PushNote:
    return PushNote(**{"title": "+120", "body": "", "path": "/home", "language": "en", "tag": "balance", **given})


def test_a_message_is_what_safari_shows_by_itself():
    told = json.loads(write_message(note(badge=3), origin="https://club.shop.ru", pictures=PICTURES))
    shown = told["notification"]
    assert told["web_push"] == 8030
    assert type(told["web_push"]) is int
    assert type(shown["app_badge"]) is int
    assert "app_badge" not in told
    assert {shown["navigate"], shown["icon"], shown["badge"]} == {
        "https://club.shop.ru/home",
        "https://club.shop.ru/icons/any.png",
        "https://club.shop.ru/icons/badge.png",
    }
    assert "app_badge" not in json.loads(write_message(note(), origin="", pictures=PICTURES))["notification"]


def test_a_note_that_is_too_long_is_refused_in_words():
    fits = "я" * 1200
    check_length(note(body=fits))
    assert len(sealer().seal(write_message(note(body=fits), origin="", pictures=PICTURES), KEYS).body) <= 4096
    with pytest.raises(NoteTooLong, match=r"\d+ bytes is too long for a phone; 3000 fit"):
        check_length(note(body="я" * 1500))

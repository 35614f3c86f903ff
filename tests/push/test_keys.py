"""Who a shop is to push services: told in settings, or the start is refused in clear words."""

import base64

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

from portal.cli.push_keys import push_keys
from portal.config import load_settings
from portal.vapid import check_contact, make_private_key, read_private_key

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def written(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


@pytest.mark.parametrize("number", [1, ORDER - 1])
def test_a_key_of_the_curve_is_taken(number: int):
    assert read_private_key(written(number)) == number
    ec.derive_private_key(number, ec.SECP256R1())


@pytest.mark.parametrize(
    "wrong", ["", "x", written(0), written(ORDER), written(1)[:-2], written(1) + "AAAA", "ключ" * 11]
)
def test_anything_else_is_no_key(wrong: str):
    with pytest.raises(ValueError, match="portal push-keys"):
        read_private_key(wrong)


@pytest.mark.parametrize(
    "contact",
    ["mailto:it@shop.ru", "https://shop.ru/contact", "mailto:it@xn--80aswg.xn--p1ai", "https://a.b.shop.co.uk"],
)
def test_an_address_at_a_public_host_is_a_contact(contact: str):
    assert check_contact(contact) == contact


@pytest.mark.parametrize(
    "wrong",
    [
        "it@shop.ru",
        "mailto:it",
        "mailto:it@localhost",
        "mailto:it@shop.invalid",
        "mailto:it@shop.local",
        "mailto:it@example.org",
        "mailto:it@127.0.0.1",
        "mailto:<it@shop.ru>",
        "mailto:it@shop..ru",
        "http://shop.ru",
        "https://",
        "https://localhost/it",
        "https://[::1]/",
    ],
)
def test_no_contact_that_a_push_service_refuses_is_taken(wrong: str):
    with pytest.raises(ValueError, match="real host"):
        check_contact(wrong)


def test_the_command_prints_what_the_settings_take():
    printed = CliRunner().invoke(push_keys).output.splitlines()
    told = dict(line.split("=", 1) for line in printed if not line.startswith("#"))
    key = told["PORTAL_PUSH_PRIVATE_KEY"]
    assert load_settings(_env_file=None, push_private_key=key, push_contact="mailto:it@shop.ru").push_private_key == key
    assert told["PORTAL_PUSH_CONTACT"] == "mailto:"
    assert CliRunner().invoke(push_keys).output.splitlines() != printed


def test_a_shop_without_a_key_sends_no_notes_and_a_demo_keeps_one():
    assert load_settings(_env_file=None).push_private_key == ""
    kept = load_settings(_env_file=None, demo=True)
    assert read_private_key(kept.push_private_key)
    assert kept.push_contact
    assert load_settings(_env_file=None, demo=True).push_private_key == kept.push_private_key


def test_the_key_is_not_shown():
    key = make_private_key()
    assert key not in repr(load_settings(_env_file=None, push_private_key=key, push_contact="mailto:it@shop.ru"))

"""One spelling for each contact."""

import time

import pytest

from portal.members.contacts import WrongEmail, WrongPhone, masked, read_contact, read_email, read_phone


@pytest.mark.parametrize(
    "typed",
    [
        "+7 912 345-67-89",
        "8 (912) 345-67-89",
        "89123456789",
        "912 345 67 89",
        "+7(912)3456789",
        "٨٩١٢٣٤٥٦٧٨٩",
        "\u00a0+7\u00a0912\u00a03456789 ",
        "810 7 912 345-67-89",
    ],
)
def test_every_spelling_of_a_phone_is_one_phone(typed):
    assert read_phone(typed).value == "+79123456789"


@pytest.mark.parametrize(
    "typed",
    ["", "12", "+7 000 000-00-00", "call me", "8-800-FLOWERS", "+7 912 345-67-89 ext. 5", "9" * 41, "+999 123456789"],
)
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(WrongPhone):
        read_phone(typed)


def test_a_number_without_country_is_of_the_shops_region():
    assert read_phone("030 901820", region="DE").value == "+4930901820"


def test_the_prefix_of_a_phone_is_its_country_and_three_digits():
    assert read_phone("89123456789").prefix == "+7912"
    assert read_phone("+49 30 901820").prefix == "+49309"


@pytest.mark.parametrize(
    ("typed", "value", "person"),
    [
        (" Ada@Example.ORG ", "ada@example.org", "ada@example.org"),
        ("ada+shop@example.org", "ada+shop@example.org", "ada@example.org"),
        ("A.d.a+x@gmail.com", "a.d.a+x@gmail.com", "ada@gmail.com"),
        ("ada@googlemail.com", "ada@googlemail.com", "ada@gmail.com"),
        ("a.d@example.org", "a.d@example.org", "a.d@example.org"),
        ("a.da@ya.ru", "a.da@ya.ru", "a-da@yandex.ru"),
        ("+@example.org", "+@example.org", "+@example.org"),
        ("ada@пример.рф", "ada@xn--e1afmkfd.xn--p1ai", "ada@xn--e1afmkfd.xn--p1ai"),
        ("ａｄａ@example.org", "ada@example.org", "ada@example.org"),
    ],
)
def test_an_address_has_one_spelling_and_belongs_to_one_person(typed, value, person):
    contact = read_email(typed)
    assert (contact.value, contact.person) == (value, person)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@localhost",
        "ada@example..org",
        "ada@-example.org",
        "ada@example.1",
        "a b@example.org",
        ".ada@example.org",
        "ada.@example.org",
        "a..b@example.org",
        "ada@example.org\nBcc: ben@example.org",
        "ada\r@example.org",
        "аda@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "a." * 130 + "org",
        "ada@" + "a" * 64 + ".org",
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(WrongEmail):
        read_email(typed)


def test_a_long_text_takes_no_time_to_refuse():
    began = time.process_time()
    for typed in ("a" + "\u0300\u0327" * 60_000 + "@example.org", "a@" + "привет." * 19_000 + "рф"):
        with pytest.raises(WrongEmail):
            read_contact(typed)
    assert time.process_time() - began < 1


def test_one_field_takes_both_kinds():
    assert read_contact("ada@example.org").kind == "email"
    assert read_contact("8 912 345-67-89").kind == "phone"


def test_a_mask_shows_the_owner_enough_and_others_too_little():
    assert masked(read_contact("89123456789")) == "+7 ••• 89"
    assert masked(read_contact("ada@example.org")) == "a•••@example.org"


def test_a_contact_in_a_log_says_nothing():
    assert "9123456789" not in repr(read_contact("89123456789"))
    assert "ada" not in repr(read_contact("ada@example.org"))

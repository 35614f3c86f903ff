from tests.rulebook.shop import BEN, CLEO, GUEST, holds

BY_LINK = {"id": "m", "referred_by": "link:fitmaster"}


def test_a_member_with_a_referrer_is_referred():
    assert holds({"type": "referred"}, member=CLEO)
    assert not holds({"type": "referred"}, member=BEN)
    assert not holds({"type": "referred"}, member=GUEST)


def test_a_link_alone_makes_no_referrer():
    assert not holds({"type": "referred"}, member=BY_LINK)


def test_by_names_links_partners_and_referrers():
    assert holds({"type": "referred", "by": ["link:fitmaster"]}, member=BY_LINK)
    assert holds({"type": "referred", "by": ["ada"]}, member=CLEO)
    assert not holds({"type": "referred", "by": ["link:other"]}, member=BY_LINK)
    assert not holds({"type": "referred", "by": ["link:other"]}, member=BEN)

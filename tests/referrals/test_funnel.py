from fractions import Fraction

import pytest

from portal.referrals.funnel import Counted, figures, wilson

YOUTUBE = Counted(joined=2018, buyers=8, revenue=28448_00, cost=100_000_00, margin_bp=3000)
GOOGLE = Counted(joined=115, buyers=87, revenue=1941144_00, cost=200_000_00, margin_bp=3000)


def test_two_channels_compared():
    youtube, google = figures(YOUTUBE), figures(GOOGLE)
    assert youtube.conversion == Fraction(8, 2018)
    assert (youtube.mean_per_buyer, google.mean_per_buyer) == (3556_00, 22312_00)
    assert youtube.cac == 12_500_00
    assert (round(float(youtube.romi or 0), 6), round(float(google.romi or 0), 6)) == (-0.914656, 1.911716)


def test_what_cannot_be_divided_is_not_told():
    nothing = figures(Counted(joined=0, buyers=0, revenue=0, cost=100, margin_bp=None))
    assert (nothing.conversion, nothing.cac, nothing.romi) == (None, None, None)
    assert figures(Counted(joined=3, buyers=0, revenue=0, cost=100, margin_bp=3000)).romi == -1
    assert figures(Counted(joined=3, buyers=1, revenue=500, cost=0, margin_bp=3000)).romi is None


def test_the_interval_says_how_sure_a_share_is():
    low, high = wilson(8, 2018) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.002, 0.0078)
    low, high = wilson(87, 115) or (0, 0)
    assert (round(low, 2), round(high, 2)) == (0.67, 0.83)


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (1, 1), (0, 1000), (1000, 1000), (1, 3)])
def test_an_interval_holds_its_share_and_stays_a_share(successes: int, trials: int):
    low, high = wilson(successes, trials) or (2, 2)
    assert 0 <= low <= successes / trials <= high <= 1
    assert high - low > 0


def test_nobody_says_nothing():
    assert wilson(0, 0) is None

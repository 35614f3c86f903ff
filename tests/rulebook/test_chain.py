from portal.rulebook.chain import upline

BROUGHT_BY = {"cleo": "ada", "ada": "ben", "ben": "dora"}


def test_the_nearest_referrer_stands_first():
    assert upline("cleo", BROUGHT_BY.get, levels=3) == ("ada", "ben", "dora")


def test_no_more_levels_are_walked_than_asked():
    assert upline("cleo", BROUGHT_BY.get, levels=1) == ("ada",)
    assert upline("cleo", BROUGHT_BY.get, levels=0) == ()


def test_whoever_nobody_brought_has_nobody_above():
    assert upline("dora", BROUGHT_BY.get, levels=3) == ()


def test_a_ring_ends_where_it_closes():
    for length in range(1, 21):
        ring = {str(n): str((n + 1) % length) for n in range(length)}
        above = upline("0", ring.get, levels=100)
        assert above == tuple(str(n) for n in range(1, length))


def test_a_ring_further_up_ends_too():
    assert upline("cleo", {**BROUGHT_BY, "dora": "ada"}.get, levels=100) == ("ada", "ben", "dora")

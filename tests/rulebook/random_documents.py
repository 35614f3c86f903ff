"""Random programmes, members and receipts as documents, small enough to collide in everything."""

from typing import Any

from hypothesis import strategies as st

CATEGORIES = ["soap", "soap/liquid", "coffee", "cake"]
BRANDS = ["A", "B"]
TAGS = ["yellow", "new"]
SKUS = ["s1", "s2", "s3"]
RULES = ["r1", "r2", "r3", "r4", "r5"]
MOMENTS = ["2026-03-04T12:00:00", "2026-03-06T18:30:00", "2026-03-29T02:30:00+00:00", "2026-12-31T23:59:59"]

quantities = st.sampled_from([1, 1, 1, 2, 3, 5, 0.35, "1.5", 2.4])
rates = st.sampled_from([100, 500, 1000, 3333, 10_000])
money = st.sampled_from([9990, 10_000, 33_333, 999, 5000, 90, 1, 0])


def some(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def seldom(strategy: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    """Draw from a strategy once in four times."""
    return st.integers(0, 3).flatmap(lambda turn: st.just(otherwise) if turn else strategy)


def made(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Build objects of constants and strategies."""
    wrap = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in required.items()}
    return st.fixed_dictionaries(wrap, optional=optional)


plain_filters = st.fixed_dictionaries(
    {}, optional={"sku": some(SKUS), "category": some(CATEGORIES), "brand": some(BRANDS), "tag": some(TAGS)}
).filter(bool)
filters = plain_filters | st.fixed_dictionaries({"not": plain_filters})
validity = made(
    {"type": st.sampled_from(["days", "months"]), "n": st.integers(0, 40)},
    round_up=st.sampled_from(["month", "quarter", "half_year", "year"]),
)
accrual = {
    "to": st.sampled_from(["member", "member", "referrer", "agent"]),
    "wallet": st.sampled_from(["points", "points", "points", "stars"]),
    "pending_days": st.sampled_from([0, 14]),
    "valid": validity,
}

conditions = st.recursive(
    st.one_of(
        made({"type": "always"}),
        made({"type": "time_window", "from": st.sampled_from(MOMENTS)}, until=st.sampled_from(MOMENTS)),
        made(
            {"type": "weekly", "days": st.lists(st.integers(1, 7), min_size=1, max_size=4)},
            start=st.sampled_from(["18:00", "22:00"]), end=st.sampled_from(["20:00", "02:00", "23:00"]),
        ),
        made({"type": "tier", "in": some(["gold", "new"])}),
        made({"type": "segment", "in": some(["a", "b"])}),
        made({"type": "receipt_total", "min": money}, max=st.just(50_000), basis=st.sampled_from(["gross", "net"])),
        made({"type": "receipt_total", "more_than": money}, basis=st.sampled_from(["gross", "net"])),
        made({"type": "line_total", "lines": filters, "min": money}, basis=st.sampled_from(["gross", "net"])),
        made({"type": "line_qty", "lines": filters, "min": quantities}),
        made({"type": "previous_purchase"}, min=money, more_than=money, within_days=st.integers(0, 40)),
        made({"type": "purchase_number", "to": st.integers(1, 4)}),
        made({"type": "days_since_last", "min": st.integers(0, 3)}, max=st.integers(2, 30)),
        made({"type": "referred"}, by=some(["ada", "link:x"])),
        made({"type": "channel", "in": some(["web", "store"])}),
        made({"type": "store", "in": some(["S1", "S2"])}),
        made({"type": "birthday"}, before=st.integers(0, 5), after=st.integers(0, 9)),
        made({"type": "coupon", "codes": some(["SPRING", "k1"])}),
        made({"type": "coupon", "template": st.sampled_from(["t1", "t2"])}),
        made({"type": "privilege", "id": st.sampled_from(["p1", "p2"])}),
        made({"type": "profile", "field": "pets", "op": "contains", "value": st.sampled_from(["cat", "dog"])}),
        made({"type": "profile", "field": "age", "op": st.sampled_from(["=", "!=", "<", ">="]), "value": 30}),
    ),
    lambda inner: st.one_of(
        made({"type": st.sampled_from(["all", "any"]), "of": st.lists(inner, min_size=1, max_size=3)}),
        made({"type": "not", "of": inner}),
    ),
    max_leaves=3,
)  # fmt: skip

parts = st.lists(made({"lines": plain_filters, "qty": st.integers(1, 2)}), min_size=1, max_size=2)
effects = st.one_of(
    made({"type": "discount_percent", "rate_bp": rates}, lines=filters, max_minor=money),
    made({"type": "discount_fixed", "amount": money}, lines=filters),
    made({"type": "special_price", "unit_price": money, "lines": filters}),
    st.sampled_from([(2, 1), (3, 2), (3, 1), (4, 0)]).flatmap(
        lambda pair: made({"type": "n_for_m", "take": pair[0], "pay": pair[1]}, lines=filters)
    ),
    made({"type": "bundle", "sets": parts, "price": money}, max_times=st.integers(1, 3)),
    made({"type": "gift_item", "wallet": "gifts", "lines": filters}),
    made(
        {"type": "accrue_percent", "rate_bp": rates},
        lines=filters, base=st.sampled_from(["paid", "net", "list"]), **accrual,
    ),
    made({"type": "accrue_percent", "rate_bp": rates}),
    made({"type": "accrue_fixed", "points": st.sampled_from([1, 50, 300])}, lines=filters, **accrual),
    made({"type": "accrue_per_unit", "points": st.sampled_from([1, 10]), "per": quantities}, lines=filters, **accrual),
    made(
        {
            "type": "multiply",
            "factor_bp": st.sampled_from([15_000, 20_000, 30_000]),
            "rules": st.lists(st.sampled_from(RULES), min_size=2, max_size=5),
        }
    ),
    made({"type": "block", "what": some(["discount", "accrual", "redemption"])}, lines=filters),
    made({"type": "redemption_limit", "max_share_bp": rates}, lines=filters),
    made({"type": "unlock", "privilege": "p1", "valid_days": st.integers(0, 40)}, uses=st.just(1), lines=filters),
    made({"type": "issue_coupon", "template": "t1", "valid_days": st.integers(0, 40)}),
)  # fmt: skip

caps = st.fixed_dictionaries(
    {"scope": st.sampled_from(["receipt", "member_day", "member_total", "rule_total"])}
).flatmap(
    lambda scope: st.one_of(
        made({**scope, "max_points": st.sampled_from([0, 5, 60])}),
        made({**scope, "max_minor": st.sampled_from([0, 100, 5000])}),
        made({**scope, "max_uses": st.sampled_from([0, 1, 3])}),
    )
)


def rules(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return made(
        {"id": name, "effects": st.lists(effects, min_size=1, max_size=3)},
        priority=st.integers(0, 3), when=seldom(conditions, {"type": "always"}),
        group=st.sampled_from(["first", "best", "best", "all"]), caps=seldom(st.lists(caps, max_size=2), []),
        consumes=st.sampled_from(["p1", "p2"]), until=seldom(st.sampled_from(MOMENTS), "2027-01-01T00:00:00"),
    )  # fmt: skip


programmes = made(
    {
        "timezone": st.sampled_from(["Europe/Moscow", "Europe/Berlin", "America/New_York"]),
        "currency": st.sampled_from(["RUB", "EUR"]),
        "groups": [{"id": name, "mode": name} for name in ("first", "best", "all")],
        "wallets": [
            {"id": "points", "pending_days": 14, "valid": {"type": "days", "n": 180}},
            {"id": "stars", "point_value": 50},
            {"id": "gifts", "kind": "gift"},
        ],
        "rules": st.integers(2, 5).flatmap(lambda count: st.tuples(*(rules(name) for name in RULES[:count])).map(list)),
    },
    rounding=st.sampled_from(["down", "up", "half_up", "half_even"]),
    discount_mode=st.sampled_from(["cascade", "sum"]),
    discount_cap_bp=st.sampled_from([10_000, 5000, 3333]),
    multiplier_mode=st.sampled_from(["best", "add"]),
    redemption=st.fixed_dictionaries(
        {},
        optional={
            "max_share_bp": rates, "share_base": st.sampled_from(["eligible", "receipt"]),
            "step": st.sampled_from([1, 10]), "min_points": st.sampled_from([1, 30]),
            "min_cash": st.sampled_from([0, 100]), "no_accrual_when_redeeming": st.booleans(),
        },
    ),
)  # fmt: skip

lines = st.fixed_dictionaries(
    {"gross": money},
    optional={
        "qty": quantities, "sku": st.sampled_from(SKUS), "category": st.sampled_from(CATEGORIES),
        "brand": st.sampled_from(BRANDS), "tags": some(TAGS),
    },
)  # fmt: skip
receipts = made(
    {
        "at": st.sampled_from(MOMENTS),
        "points_requested": st.sampled_from(["max", 5000, 100, 7, 0, 0]),
        "lines": st.lists(lines, min_size=1, max_size=5).map(
            lambda found: [{**line, "n": n} for n, line in enumerate(found, 1)]
        ),
    },
    store=st.sampled_from(["S1", "S2"]),
    channel=st.sampled_from(["web", "store"]),
    coupons=some(["SPRING", "k1", "t2"]),
)

counts = st.sampled_from([0, 1, 3, 60])
members = made(
    {"id": "cleo"},
    tier=st.sampled_from(["gold", "new"]),
    segments=some(["a", "b"]),
    birthday=st.sampled_from(["1990-03-05", "2000-02-29", "1985-01-02", "1970-12-30"]),
    birthday_entered=st.sampled_from(["2020-01-01", "2026-03-01"]),
    birthdays_used=st.sampled_from([[], [2026], [2027]]),
    purchases=st.integers(0, 4),
    last_purchase=made({"at": st.sampled_from(["2026-03-04T09:00:00", "2026-02-20T23:30:00+00:00"]), "net": money}),
    balance=made({"points": st.sampled_from([10_000, 50, 0]), "gifts": st.sampled_from([4, 1, 0])}),
    privileges=st.lists(
        made({"id": st.sampled_from(["p1", "p2"])}, until=st.sampled_from(MOMENTS), uses_left=st.integers(0, 2)),
        max_size=2,
    ),
    coupons=st.lists(
        made({"template": st.sampled_from(["t1", "t2"])}, code=st.just("k1"), until=st.sampled_from(MOMENTS)),
        max_size=2,
    ),
    usage=st.dictionaries(
        st.sampled_from(RULES),
        st.dictionaries(
            st.sampled_from(["member_day", "member_total", "rule_total"]),
            counts | st.fixed_dictionaries({"points": counts, "minor": counts, "uses": counts}),
        ),
        max_size=3,
    ),
    usage_day=st.sampled_from(["2026-03-04", "2026-03-06"]),
    referrer=st.just("ada"),
    referred_by=st.just("link:x"),
    agent=st.just("tim"),
    profile=st.fixed_dictionaries({}, optional={"pets": some(["cat", "dog"]), "age": st.sampled_from([20, 30, 40])}),
)
buyers = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 0]).flatmap(lambda turn: members if turn else st.none())
"""A member, seldom a guest."""

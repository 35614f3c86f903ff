"""Privileges and coupons: opened, used once, given back, taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, bindparam, literal, select
from sqlalchemy.orm import Session

from portal.db import Batch, Id, Instant, Stale, transaction
from portal.perks import operations as perks
from portal.perks.queries import (
    HeldCoupon,
    HeldPrivilege,
    coupons_column,
    coupons_of,
    privileges_column,
    privileges_of,
    read_coupons,
    read_privileges,
)

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ADA, BEN = "ada", "ben"


def write(engine: Engine, *steps) -> None:
    with transaction(engine, writes=True) as session:
        batch = Batch()
        for step in steps:
            step(batch)
        batch.flush(session)


def read(engine: Engine, work):
    with transaction(engine, writes=False) as session:
        return work(session)


def opens(privilege: str, *, days: int = 30, uses: int | None = 1, receipt: str | None = "r1", at: datetime = NOW):
    return lambda batch: perks.open_privilege(
        batch, ADA, privilege=privilege, at=at, until=at + days * DAY, uses=uses, receipt_id=receipt
    )


def held(engine: Engine, *, at: datetime = NOW) -> tuple[HeldPrivilege, ...]:
    return read(engine, lambda session: privileges_of(session, ADA, at=at))


def test_a_privilege_works_until_its_time_or_its_uses_are_over(engine: Engine) -> None:
    write(engine, opens("aqua", days=2), opens("club", days=1, uses=None))
    assert [(each.privilege, each.uses_left) for each in held(engine)] == [("club", None), ("aqua", 1)]
    assert [each.privilege for each in held(engine, at=NOW + DAY)] == ["aqua"]
    assert held(engine, at=NOW + 2 * DAY) == ()
    used = held(engine)
    write(engine, lambda batch: perks.use_privileges(batch, used))
    assert [each.privilege for each in held(engine)] == ["club"]


def test_one_use_is_not_used_twice(engine: Engine) -> None:
    write(engine, opens("aqua"))
    seen = held(engine)
    write(engine, lambda batch: perks.use_privileges(batch, seen))
    with pytest.raises(Stale):
        write(engine, lambda batch: perks.use_privileges(batch, seen))


def test_the_column_reads_what_the_query_reads(engine: Engine) -> None:
    write(engine, opens("aqua"), opens("later", at=NOW + DAY))
    column = privileges_column(literal(ADA, Id), bindparam("at", type_=Instant))

    def by_column(session: Session, at: datetime) -> tuple[HeldPrivilege, ...]:
        return read_privileges(session.execute(select(column), {"at": at}).scalar(), at=at)

    for at in (NOW, NOW + 2 * DAY):
        expected = tuple(each for each in held(engine, at=at) if each.opened_at <= at)
        assert read(engine, lambda session, at=at: by_column(session, at)) == expected


def test_uses_come_back_no_further_than_they_were(engine: Engine) -> None:
    write(engine, opens("aqua", uses=2))
    (privilege,) = held(engine)
    write(engine, lambda batch: perks.use_privileges(batch, [privilege]))
    for _ in range(3):
        write(engine, lambda batch: perks.undo(batch, "r2", privileges=[privilege.id], coupons=[]))
    assert held(engine)[0].uses_left == 2


def test_a_privilege_taken_back_stays_taken_when_its_use_is_given_back(engine: Engine) -> None:
    write(engine, opens("aqua"), opens("other"))
    aqua = next(each for each in held(engine) if each.privilege == "aqua")
    write(engine, lambda batch: perks.use_privileges(batch, [aqua]))
    write(engine, lambda batch: perks.close(batch, "r1", privileges=["aqua"]))
    write(engine, lambda batch: perks.undo(batch, "r2", privileges=[aqua.id], coupons=[]))
    assert [each.privilege for each in held(engine)] == ["other"]


# --- coupons ----------------------------------------------------------------------------------------------------------


def issues(code: str, *, member: str | None = None, uses: int = 1, until: datetime | None = None):
    return lambda batch: perks.issue_coupon(
        batch, template="back10", code=code, at=NOW, until=until, member_id=member, uses=uses, receipt_id="r1"
    )


def shown(engine: Engine, *codes: str, by: str | None, at: datetime = NOW) -> tuple[HeldCoupon, ...]:
    column = coupons_column(bindparam("codes", expanding=True), bindparam("at", type_=Instant))
    asked = {"codes": list(codes), "at": at}
    return read(engine, lambda session: read_coupons(session.execute(select(column), asked).scalar(), member_id=by))


def test_a_coupon_is_good_for_its_member_or_for_whoever_shows_it(engine: Engine) -> None:
    write(engine, issues("ADAS", member=ADA), issues("ANY"))
    assert {each.code for each in shown(engine, "ADAS", "ANY", "NONE", by=ADA)} == {"ADAS", "ANY"}
    assert [each.code for each in shown(engine, "ADAS", "ANY", by=BEN)] == ["ANY"]
    assert [each.code for each in shown(engine, "ADAS", "ANY", by=None)] == ["ANY"]
    assert [each.code for each in read(engine, lambda session: coupons_of(session, ADA, at=NOW))] == ["ADAS"]


def test_a_coupon_ends_with_its_time_its_uses_or_its_receipt(engine: Engine) -> None:
    write(engine, issues("ONCE"), issues("DAY", until=NOW + DAY))
    assert len(shown(engine, "ONCE", "DAY", by=None)) == 2
    assert [each.code for each in shown(engine, "ONCE", "DAY", by=None, at=NOW + DAY)] == ["ONCE"]
    once = shown(engine, "ONCE", by=None)
    write(engine, lambda batch: perks.use_coupons(batch, once))
    assert shown(engine, "ONCE", by=None) == ()
    with pytest.raises(Stale):
        write(engine, lambda batch: perks.use_coupons(batch, once))
    write(engine, lambda batch: perks.undo(batch, "r2", privileges=[], coupons=[once[0].id]))
    assert len(shown(engine, "ONCE", by=None)) == 1
    write(engine, lambda batch: perks.undo(batch, "r1", privileges=[], coupons=[]))
    assert shown(engine, "ONCE", "DAY", by=None) == ()


def test_codes_have_80_random_bits() -> None:
    codes = {perks.new_coupon_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {16}
    assert len(set("".join(codes))) == 32

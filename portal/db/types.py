"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, BigInteger, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from portal.ids import LENGTH

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def epoch(moment: datetime) -> int:
    """Return an aware instant as microseconds since 1970, the way the database keeps it."""
    return (moment - _EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """Return the aware UTC instant of a number made by `epoch`."""
    return _EPOCH + microseconds * _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as BigInteger microseconds: exact, and sorted and compared alike on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse naive times loudly: subtracting them from an aware epoch raises TypeError."""
        return None if value is None else epoch(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        return None if value is None else instant(value)


Id = String(LENGTH).with_variant(String(LENGTH, collation="C"), "postgresql")
"""An id of `portal.ids`; bytewise order on PostgreSQL, so that later ids stand at the end of an index."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document."""


class Base(DeclarativeBase):
    """The mapped classes of the portal; names of constraints are fixed so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

"""Instants as an operator types them."""

from datetime import datetime

import click

EXAMPLE = "2026-03-04T12:00:00+03:00"
YEARS = range(1900, 3000)


class Instant(click.ParamType[datetime]):
    """An RFC 3339 instant with its offset, as it was typed, in a year that leaves room for what is counted from it."""

    name = "instant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"give it as {EXAMPLE}", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"give its offset too, as {EXAMPLE}", param, ctx)
        if moment.year not in YEARS:
            self.fail(f"give a year from {YEARS[0]} to {YEARS[-1]}", param, ctx)
        return moment

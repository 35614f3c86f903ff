"""`portal check-ledger`: proves every invariant over the whole database."""

import json
import sys
from dataclasses import asdict

import click

from portal.cli import frame
from portal.db import transaction
from portal.programme import check_ledger as story


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def check_ledger(as_json: bool) -> None:
    """Prove every invariant of the ledger; tell the entries that break one and end with exit code 1."""
    right = True
    with transaction(frame.migrated_engine(), writes=False) as session:
        for violation in story.check_ledger(session):
            right, told = False, asdict(violation)
            click.echo(json.dumps(told) if as_json else "{member} {number} {invariant}: {text}".format(**told))
    if not right:
        sys.exit(1)
    if not as_json:
        click.echo("The ledger is right.")

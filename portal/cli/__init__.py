"""The command line: `flask portal …`, `python3 dev.py portal …`, `python -m portal.cli …`.

A command is a module here, loaded when it is called, so that `rulebook check` needs no database and no web.
"""

import errno
from importlib import import_module
from typing import Any

import click
from flask import Flask

COMMANDS = {
    "agents": "portal.cli.agents:agents",
    "api-key": "portal.cli.api_key:api_key",
    "backup": "portal.cli.backup:backup",
    "check-ledger": "portal.cli.check_ledger:check_ledger",
    "demo": "portal.cli.demo:demo",
    "draft-migration": "portal.cli.migrate:draft_migration",
    "erasures": "portal.cli.erasures:erasures",
    "import-goods": "portal.cli.catalogue:import_goods",
    "import-members": "portal.cli.imports:import_members_",
    "import-receipts": "portal.cli.imports:import_receipts",
    "jobs": "portal.cli.jobs:jobs",
    "links": "portal.cli.links:links",
    "migrate": "portal.cli.migrate:migrate",
    "push-keys": "portal.cli.push_keys:push_keys",
    "referrals": "portal.cli.referrals:referrals",
    "restore": "portal.cli.backup:restore",
    "rulebook": "portal.cli.rulebook:rulebook",
    "run-jobs": "portal.cli.jobs:run_jobs",
    "serve": "portal.cli.serve:serve",
    "staff": "portal.cli.staff:staff",
    "tiers": "portal.cli.tiers:tiers",
    "till": "portal.cli.till:till",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        return getattr(import_module(module), name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a file or folder that cannot be read or written ends it in one line."""
        try:
            return super().invoke(ctx)
        except OSError as trouble:
            if trouble.errno == errno.EPIPE:  # whoever read the answer has enough of it: click's own matter
                raise
            raise click.ClickException(str(trouble)) from trouble


@click.group(name="portal", cls=LazyGroup)
def main() -> None:
    """Run the member portal of a shop's loyalty programme."""


def register(app: Flask) -> None:
    """Offer the commands as `flask portal …` too."""
    app.cli.add_command(main)

"""`portal push-keys`: the key the shop signs its notes to phones with."""

import click

from portal.vapid import make_private_key


@click.command()
def push_keys() -> None:
    """Make a push key and print the settings. One for ever: with another one every phone that takes notes is lost."""
    click.echo(
        "# Put these into the settings, once, and keep the key as long as the shop: another one loses every phone."
    )
    click.echo(f"PORTAL_PUSH_PRIVATE_KEY={make_private_key()}")
    click.echo("# Whom push services write to when something is wrong: mailto: or https: at a real host.")
    click.echo("PORTAL_PUSH_CONTACT=mailto:")

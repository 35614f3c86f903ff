import re

import click
import pytest
from click.testing import CliRunner

from portal.cli import COMMANDS, main
from portal.config import ROOT

PAGE = ROOT / "docs/operations.md"
TABLE = re.compile(r"(<!-- commands: .*? -->\n).*?(<!-- /commands -->)", re.DOTALL)


def rows(group: click.Group, prefix: str = "") -> list[str]:
    """Return a row for each command, with those inside groups."""
    context = click.Context(group)
    lines = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            lines += rows(command, f"{prefix}{name} ")
        else:
            first = (command.help or "").split("\n\n")[0]
            lines.append(f"| `{prefix}{name}` | {' '.join(first.split())} |")
    return lines


def test_the_operations_page_tells_every_command(pytestconfig: pytest.Config):
    table = "\n".join(["| command | does |", "|---|---|", *rows(main)]) + "\n"
    text = PAGE.read_text("utf-8")
    if pytestconfig.getoption("golden"):
        text = TABLE.sub(lambda found: found[1] + table + found[2], text)
        PAGE.write_text(text, encoding="utf-8")
    told = TABLE.search(text)
    assert told is not None
    assert told[0].partition("\n")[2].removesuffix(told[2]) == table


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str):
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0
    assert "Usage: portal" in answer.output


def test_an_unknown_command_is_told():
    answer = CliRunner().invoke(main, ["sell"])
    assert answer.exit_code == 2
    assert "No such command 'sell'" in answer.output

"""`portal rulebook check|worst-basket|evaluate|publish|docs`: the shop's rules from a TOML file, with no web around."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import TypeAdapter, ValidationError

from portal import clock
from portal.cli.instants import Instant
from portal.config import ROOT
from portal.errors import Refused
from portal.rulebook.document import Rulebook
from portal.rulebook.evaluate import evaluate as judge
from portal.rulebook.explain import LANGUAGES, Language, Sale, explain_receipt
from portal.rulebook.handbook import handbook
from portal.rulebook.linter import USUAL_PRICE, Finding, ShopFacts, has_errors, lint_toml
from portal.rulebook.linter import worst_basket as find_worst
from portal.rulebook.member_state import MEMBER_STATE, member_state_json
from portal.rulebook.outcome import outcome_json
from portal.rulebook.receipt import RECEIPT, receipt_json

T = TypeVar("T")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PAGE = ROOT / "docs" / "rulebook.md"


@click.group()
def rulebook() -> None:
    """Check, try and publish the shop's rules."""


@rulebook.command()
@click.argument("file", type=FILE)
@click.option("--mean-receipt", type=click.IntRange(1), help="A usual receipt in minor units: what rounding loses.")
def check(file: Path, mean_receipt: int | None) -> None:
    """Name everything wrong or unwise in FILE with its path; exit 1 when something is wrong."""
    rules, found = _lint(file, ShopFacts(at=clock.now(), mean_receipt_minor=mean_receipt))
    for finding in found:
        click.echo(_line(finding))
    if has_errors(found):
        sys.exit(1)
    click.echo(f"{file} can be published" + (f", {len(found)} warnings" if found else ""))
    if rules:
        worst = find_worst(rules, at=clock.now(), usual_minor=mean_receipt or USUAL_PRICE)
        click.echo(f"the worst basket found gives away {worst.share_bp / 100:g} %: portal rulebook worst-basket {file}")


@rulebook.command("worst-basket")
@click.argument("file", type=FILE)
@click.option("--mean-receipt", type=click.IntRange(1), default=USUAL_PRICE, help="A usual receipt in minor units.")
@click.option("--json", "as_json", is_flag=True, help="Give the receipt and the member as `evaluate` reads them.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en")
def worst_basket(file: Path, *, mean_receipt: int, as_json: bool, language: Language) -> None:
    """Look for the sale in which the shop gives away the largest share of the price."""
    rules = _sound(file, ShopFacts())
    found = find_worst(rules, at=clock.now(), usual_minor=mean_receipt)
    sale = Sale(rulebook=rules, receipt=found.receipt, outcome=found.outcome)
    told = {"receipt": receipt_json(found.receipt), "member": member_state_json(found.member)}
    if as_json:
        click.echo(json.dumps({**told, "given": found.given, "share_bp": found.share_bp}, ensure_ascii=False, indent=2))
        return
    voice = sale.voice(language)
    click.echo(f"{voice.money(found.given)} / {voice.money(found.outcome.total)} = {found.share_bp / 100:g} %")
    click.echo(_told(sale, language))
    click.echo(json.dumps(told, ensure_ascii=False))


@rulebook.command()
@click.argument("file", type=FILE)
@click.option("--receipt", "receipt_file", type=FILE, required=True, help="The receipt as JSON, as the API takes it.")
@click.option("--member", "member_file", type=FILE, help="The member's state as JSON; a guest when it is not given.")
@click.option("--explain", is_flag=True, help="Tell the outcome in words instead of JSON.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en")
def evaluate(file: Path, receipt_file: Path, member_file: Path | None, *, explain: bool, language: Language) -> None:
    """Judge a receipt by FILE; nothing is stored."""
    rules = _sound(file, ShopFacts())
    receipt = _read(receipt_file, RECEIPT)
    member = _read(member_file, MEMBER_STATE) if member_file else None
    try:
        outcome = judge(rules, member, receipt)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if explain:
        click.echo(_told(Sale(rulebook=rules, receipt=receipt, outcome=outcome), language))
    else:
        click.echo(json.dumps(outcome_json(outcome), ensure_ascii=False, indent=2))


@rulebook.command()
@click.argument("file", type=FILE)
@click.option(
    "--from", "told", type=Instant(), help="When it comes into force, RFC 3339 with offset; now when it is not given."
)
def publish(file: Path, told: datetime | None) -> None:
    """Publish FILE as the version in force from an instant; warnings do not hinder it."""
    from portal.cli import frame  # noqa: PLC0415 - checking a file needs no database
    from portal.db import run  # noqa: PLC0415
    from portal.programme.publish_rulebook import publish_rulebook  # noqa: PLC0415

    now = clock.now()
    start = told or now
    rules = _sound(file, ShopFacts(at=start))
    try:
        published = run(
            frame.migrated_engine(),
            lambda session: publish_rulebook(session, rules, effective_from=start, now=now),
            writes=True,
        )
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    state = "published" if published.new else "was published before"
    click.echo(f"{published.label} {state}, in force from {published.effective_from.isoformat(timespec='seconds')}")


@rulebook.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when the page is not the code's.")
def docs(*, only_check: bool) -> None:
    """Write docs/rulebook.md from the kinds of conditions and effects."""
    if not only_check:
        PAGE.write_text(handbook(), encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != handbook():
        raise click.ClickException(f"{PAGE} is not what the code says; run 'portal rulebook docs'")


def _lint(file: Path, facts: ShopFacts) -> tuple[Rulebook | None, list[Finding]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise click.ClickException(f"{file} is not UTF-8 text: {trouble.reason} at byte {trouble.start}") from None
    return lint_toml(text, facts=facts)


def _sound(file: Path, facts: ShopFacts) -> Rulebook:
    """Return the rulebook of a file, or end the command with every error in it."""
    rules, found = _lint(file, facts)
    if rules is None or has_errors(found):
        for finding in found:
            if finding.severity == "error":
                click.echo(_line(finding), err=True)
        sys.exit(1)
    return rules


def _line(finding: Finding) -> str:
    return f"{finding.severity}  {finding.path}  {finding.text}  [{finding.code}]"


def _read(file: Path, kind: TypeAdapter[T]) -> T:
    """Read a JSON file, or end the command with every error in it and its path."""
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8-sig"))
        return kind.validate_python(document)
    except ValueError as trouble:
        lines = _problems(trouble) if isinstance(trouble, ValidationError) else [str(trouble)]
        for line in lines:
            click.echo(f"error  {file}  {line}", err=True)
        sys.exit(1)


def _problems(trouble: ValidationError) -> list[str]:
    problems = trouble.errors(include_url=False, include_input=False)
    return [f"{'.'.join(str(step) for step in problem['loc'])}  {problem['msg']}" for problem in problems]


def _told(sale: Sale, language: Language) -> str:
    """Return the outcome in words: lines of money first, then every rule with its sentence."""
    voice, outcome, told = sale.voice(language), sale.outcome, explain_receipt(sale, language=language)
    lines = [f"{voice.money(outcome.total)} − {voice.money(outcome.discount)}"]
    lines[0] += f" − {voice.points(outcome.points_spent)} = {voice.money(outcome.due)}"
    for part in (told.discounts, told.gifts, told.grants, told.unlocked, told.coupons):
        lines += [f"+ {each.title}: {each.text}" for each in part]
    lines += [f"· {each.title}: {each.text}" for each in told.skipped]
    lines += [f"→ {text}" for text in told.nudges]
    return "\n".join(lines)

"""A judged receipt in the names of the API, with its explanation in words."""

from collections.abc import Sequence
from datetime import datetime

from portal.ledger.balance import Balance
from portal.ledger.book import Book
from portal.programme.answers import (
    AnswerFacts,
    BalanceAnswer,
    CouponAnswer,
    ExpiringAnswer,
    GiftAnswer,
    GrantAnswer,
    LimitsAnswer,
    LineAnswer,
    NudgeAnswer,
    ReceiptAnswer,
    ReleasingAnswer,
    SkippedAnswer,
    UnlockedAnswer,
)
from portal.programme.climbing import Climb
from portal.programme.telling_tiers import tier_answer
from portal.rulebook.explain import Language, Sale, explain_grants, explain_nudges, explain_skipped
from portal.rulebook.explain.voice import Voice
from portal.rulebook.outcome import Outcome


def balance_answer(balance: Balance) -> BalanceAnswer:
    """Return a balance with the days to show: what runs out when, what becomes available when."""
    return BalanceAnswer(
        available=balance.available,
        pending=balance.pending,
        held=balance.held,
        debt=balance.debt,
        expiring=tuple(
            ExpiringAnswer(points=each.points, last_valid_day=each.last_valid_day) for each in balance.expiring
        ),
        releasing=tuple(ReleasingAnswer(points=each.points, at=each.release_at) for each in balance.releasing),
    )


def receipt_answer(
    sale: Sale,
    *,
    receipt_id: str | None,
    book: Book | None,
    climb: Climb | None = None,
    codes: Sequence[str | None],
    language: Language,
    now: datetime,
) -> ReceiptAnswer:
    """Return the answer to a quote or a commit. `codes` are those of the issued coupons, None while they have none."""
    found = AnswerFacts(
        receipt_id=receipt_id,
        member_id=None if book is None else book.member,
        language=language,
        codes=tuple(codes),
        balance=None if book is None else balance_answer(book.balance(now)),
        tier=tier_answer(climb, sale.rulebook, language=language, at=sale.receipt.at),
        entries=() if book is None or receipt_id is None else tuple(str(entry.number) for entry in book.entries),
    )
    return told_answer(sale, found)


def told_answer(sale: Sale, found: AnswerFacts) -> ReceiptAnswer:
    """Return the answer of a sale and of what was found beside it."""
    outcome, voice = sale.outcome, sale.voice(found.language)
    return ReceiptAnswer(
        receipt_id=found.receipt_id,
        member_id=found.member_id,
        rulebook=outcome.rulebook,
        total=outcome.total,
        discount=outcome.discount,
        points_spent=outcome.points_spent,
        due=outcome.due,
        earned=outcome.earned,
        lines=_lines(outcome),
        grants=_grants(sale, voice),
        skipped=_skipped(sale, voice),
        unlocked=_unlocked(outcome),
        coupons=_coupons(outcome, found.codes),
        consumed=outcome.consumed,
        gifts=_gifts(outcome),
        limits=LimitsAnswer(
            available=outcome.limits.available, max_points=outcome.limits.max_points, step=outcome.limits.step
        ),
        nudges=tuple(NudgeAnswer(text=text) for text in explain_nudges(sale, voice=voice)),
        balance=found.balance,
        tier=found.tier,
        entries=found.entries,
    )


def _lines(outcome: Outcome) -> tuple[LineAnswer, ...]:
    return tuple(
        LineAnswer(n=line.n, gross=line.gross, discount=line.discount, points=line.points, paid=line.paid)
        for line in outcome.lines
    )


def _unlocked(outcome: Outcome) -> tuple[UnlockedAnswer, ...]:
    return tuple(
        UnlockedAnswer(rule=each.rule, privilege=each.privilege, until=each.until, uses=each.uses)
        for each in outcome.unlocked
    )


def _coupons(outcome: Outcome, codes: Sequence[str | None]) -> tuple[CouponAnswer, ...]:
    return tuple(
        CouponAnswer(rule=each.rule, template=each.template, until=each.until, code=code)
        for each, code in zip(outcome.coupons, codes, strict=True)
    )


def _gifts(outcome: Outcome) -> tuple[GiftAnswer, ...]:
    return tuple(
        GiftAnswer(rule=each.rule, wallet=each.wallet, line=each.line, units=each.units, discount=each.discount)
        for each in outcome.gifts
    )


def _grants(sale: Sale, voice: Voice) -> tuple[GrantAnswer, ...]:
    return tuple(
        GrantAnswer(
            rule=grant.rule,
            title=voice.title(sale.title(grant.rule)),
            to=grant.to,
            wallet=grant.wallet,
            points=grant.points,
            lines=grant.lines,
            exact=str(grant.exact),
            release_at=grant.release_at,
            last_valid_day=grant.last_valid_day,
            text=text,
        )
        for grant, text in zip(sale.outcome.grants, explain_grants(sale, voice=voice), strict=True)
    )


def _skipped(sale: Sale, voice: Voice) -> tuple[SkippedAnswer, ...]:
    return tuple(
        SkippedAnswer(rule=each.rule, reason=each.reason, text=explain_skipped(each, sale=sale, voice=voice))
        for each in sale.outcome.skipped
    )

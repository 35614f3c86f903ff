"""How the price went down: discounts, gifts, and what a receipt opens for later."""

from portal.money import BASIS_POINTS
from portal.rulebook.effects import DiscountEffect, Effect
from portal.rulebook.effects.discount_percent import DiscountPercent
from portal.rulebook.explain.effects import at_most, effect_text
from portal.rulebook.explain.sale import Sale, named_title
from portal.rulebook.explain.voice import Voice
from portal.rulebook.outcome import Discount, Gift, IssuedCoupon, Unlocked


def explain_discount(discount: Discount, *, sale: Sale, voice: Voice) -> str:
    """Return what a rule took off, of how much, and what cut it.

    Example: «30 % от 100,00 ₽ = −30,00 ₽ (Молоко).»
    """
    effects = _discounts_of(discount, sale)
    if discount.capped_by is None and len(effects) == 1 and isinstance(effects[0], DiscountPercent):
        return _share(discount, effects[0], sale, voice)
    what = effect_text(effects[0], rulebook=sale.rulebook, voice=voice) if len(effects) == 1 else voice.say("off")
    text = voice.say("discount_other", what=what, amount=voice.money(-discount.amount)) + _where(discount, sale, voice)
    if discount.capped_by is None:
        return f"{text}."
    desired, given = voice.money(discount.desired), voice.money(discount.amount)
    return f"{text}. {voice.less(discount.capped_by, desired=desired, given=given)}"


def explain_gift(gift: Gift, *, sale: Sale, voice: Voice) -> str:
    """Return what was given at zero price, as in «В подарок 5 шт.: Whiskas, −175,00 ₽»."""
    line, amount = sale.line_names([gift.line], voice=voice), voice.money(-gift.discount)
    return voice.say("gift", units=voice.units(gift.units), line=line, amount=amount)


def explain_unlocked(unlocked: Unlocked, *, sale: Sale, voice: Voice) -> str:
    """Return what a receipt opened, as in «Открыта привилегия «…»: до 3 апреля включительно, 1 раз»."""
    title = named_title(sale.rulebook.privileges, unlocked.privilege)
    text = voice.say("unlocked", privilege=voice.quoted(title), day=voice.last_day(unlocked.until))
    return f"{text}, {voice.counted('uses', unlocked.uses)}." if unlocked.uses else f"{text}."


def explain_coupon(coupon: IssuedCoupon, *, sale: Sale, voice: Voice) -> str:
    """Return which coupon a receipt gave and its last day."""
    title = named_title(sale.rulebook.coupons, coupon.template)
    return voice.say("coupon_issued", coupon=voice.quoted(title), day=voice.last_day(coupon.until))


def _discounts_of(discount: Discount, sale: Sale) -> list[Effect]:
    rule = sale.rule(discount.rule)
    return [effect for effect in rule.effects if isinstance(effect, DiscountEffect)] if rule else []


def _share(discount: Discount, effect: DiscountPercent, sale: Sale, voice: Voice) -> str:
    """Write the share of what the lines cost when the rule's turn came; `≈` where lines were rounded.

    Less than the share, by more than rounding half a minor unit a line explains, is never written as equal to it:
    `10% of 1,000.00, at most 15.00: −15.00`.
    """
    base, amount, where = _base(discount, sale), voice.money(-discount.amount), _where(discount, sale, voice)
    share = voice.say("discount_share", rate=voice.percent(effect.rate_bp), base=voice.money(base))
    missing = base * effect.rate_bp - discount.amount * BASIS_POINTS
    if 2 * missing <= len(discount.lines) * BASIS_POINTS:
        return f"{share} {'≈' if missing else '='} {amount}{where}."
    if discount.amount == effect.max_minor:
        return voice.say("discount_other", what=share + at_most(effect.max_minor, voice), amount=amount) + f"{where}."
    room = voice.say("discount_room", share=voice.percent(sale.rulebook.discount_cap_bp))
    return voice.say("discount_other", what=share, amount=amount) + f"{where}. {room}"


def _base(discount: Discount, sale: Sale) -> int:
    gross = sum(line.gross for line in sale.outcome.lines if line.n in discount.lines)
    if sale.rulebook.discount_mode == "sum":
        return gross
    gifts = sum(gift.discount for gift in sale.outcome.gifts if gift.line in discount.lines)
    earlier = sale.outcome.discounts[: sale.outcome.discounts.index(discount)]
    return gross - gifts - sum(amount for each in earlier for n, amount in each.lines.items() if n in discount.lines)


def _where(discount: Discount, sale: Sale, voice: Voice) -> str:
    if len(discount.lines) == len(sale.receipt.lines):
        return ""
    return voice.say("on_lines", lines=sale.line_names(sorted(discount.lines), voice=voice))

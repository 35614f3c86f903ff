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
    text = _arithmetic(discount, sale, voice) + _where(discount, sale, voice) + "."
    if discount.capped_by is not None:
        desired, given = voice.money(discount.desired), voice.money(discount.amount)
        return f"{text} {voice.less(discount.capped_by, desired=desired, given=given)}"
    effect = _share_of_price(discount, sale)
    if effect is None or not _is_short(discount, effect, sale) or discount.amount == effect.max_minor:
        return text
    return f"{text} {voice.say('discount_room', share=voice.percent(sale.rulebook.discount_cap_bp))}"


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


def _arithmetic(discount: Discount, sale: Sale, voice: Voice) -> str:
    effects, amount = _discounts_of(discount, sale), voice.money(-discount.amount)
    if len(effects) != 1:
        return voice.say("discount_other", what=voice.say("off"), amount=amount)
    if not discount.capped_by and (effect := _share_of_price(discount, sale)):
        return _share(discount, effect, sale, voice)
    return voice.say("discount_other", what=effect_text(effects[0], rulebook=sale.rulebook, voice=voice), amount=amount)


def _discounts_of(discount: Discount, sale: Sale) -> list[Effect]:
    rule = sale.rule(discount.rule)
    return [effect for effect in rule.effects if isinstance(effect, DiscountEffect)] if rule else []


def _share_of_price(discount: Discount, sale: Sale) -> DiscountPercent | None:
    """Return the one effect that made the discount, where it takes a share of the price."""
    effects = _discounts_of(discount, sale)
    return effects[0] if len(effects) == 1 and isinstance(effects[0], DiscountPercent) else None


def _share(discount: Discount, effect: DiscountPercent, sale: Sale, voice: Voice) -> str:
    """Write the share of what the lines cost when the rule's turn came; `≈` where lines were rounded.

    Less than the share is never written as equal to it: `10% of 1,000.00, at most 15.00: −15.00`.
    """
    base, amount = _base(discount, sale), voice.money(-discount.amount)
    share = voice.say("discount_share", rate=voice.percent(effect.rate_bp), base=voice.money(base))
    if _is_short(discount, effect, sale):
        most = at_most(effect.max_minor if discount.amount == effect.max_minor else None, voice)
        return voice.say("discount_other", what=share + most, amount=amount)
    sign = "=" if base * effect.rate_bp == discount.amount * BASIS_POINTS else "≈"
    return f"{share} {sign} {amount}"


def _is_short(discount: Discount, effect: DiscountPercent, sale: Sale) -> bool:
    """Tell whether less was taken off than the share, by more than rounding half a minor unit a line explains."""
    missing = _base(discount, sale) * effect.rate_bp - discount.amount * BASIS_POINTS
    return 2 * missing > len(discount.lines) * BASIS_POINTS


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

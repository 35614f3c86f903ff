"""The words of explanations, every language side by side; `{slots}` are filled with figures and titles.

Points are «баллы», never roubles (domain.md §12). A key that ends in a kind's name is the sentence for that kind.
"""

from typing import Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")

SYMBOLS: dict[Language, dict[str, str]] = {
    "ru": {"RUB": "₽", "EUR": "€", "USD": "$", "GBP": "£"},
    "en": {"EUR": "€", "USD": "$", "GBP": "£"},
}
"""Currencies that are not written by their code; the same as Babel's, which writes the pages."""

MONTHS: dict[Language, tuple[str, ...]] = {
    "ru": tuple("января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()),
    "en": tuple("January February March April May June July August September October November December".split()),
}
WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "ru": tuple("понедельникам вторникам средам четвергам пятницам субботам воскресеньям".split()),
    "en": tuple("Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays".split()),
}


class Phrase(NamedTuple):
    """One sentence, or part of one, in every language."""

    ru: str
    en: str


class Counted(NamedTuple):
    """A noun after a number. Russian: 1, 2–4, 5–20 and a fraction; English: 1 and the rest."""

    ru: tuple[str, str, str]
    en: tuple[str, str]


NOUNS = {
    "points": Counted(("балл", "балла", "баллов"), ("point", "points")),
    "days": Counted(("день", "дня", "дней"), ("day", "days")),
    "days_bound": Counted(("дня", "дней", "дней"), ("day", "days")),  # after «не меньше», «не больше»
    "pieces": Counted(("шт.", "шт.", "шт."), ("pc", "pcs")),
    "uses": Counted(("раз", "раза", "раз"), ("time", "times")),
    "purchases": Counted(("покупка", "покупки", "покупок"), ("purchase", "purchases")),
    "friends": Counted(("друг", "друга", "друзей"), ("friend", "friends")),
    "quests": Counted(("задание", "задания", "заданий"), ("quest", "quests")),
}

WORDS = {
    "and": Phrase("и", "and"),
    "or": Phrase("или", "or"),
    "quoted": Phrase("«{title}»", "“{title}”"),
    # how far the next tier is
    "tier_up": Phrase("Ещё {left} до {tier}", "{left} more to {tier}"),
    "tier_keep": Phrase(
        "До {day} включительно ещё {left}, чтобы сохранить {tier}", "{left} more by {day} to keep {tier}"
    ),
    "tier_one_receipt": Phrase("один чек от {money}", "one receipt of {money}"),
    "tier_left": Phrase("ещё {left}", "{left} more"),
    "tier_top": Phrase("высший уровень", "the top tier"),
    "tier_to": Phrase("до {tier}", "to {tier}"),
    "tier_spend": Phrase("покупки от {money}", "purchases of {money}"),
    "tier_spend_above": Phrase("покупки больше чем на {money}", "purchases above {money}"),
    "tier_receipt_above": Phrase("один чек больше {money}", "one receipt above {money}"),
    "tier_from_start": Phrase("с самого начала", "from the start"),
    "window_days": Phrase("{what} за {days}", "{what} within {days}"),
    "window_month": Phrase("{what} за месяц", "{what} in a month"),
    "window_quarter": Phrase("{what} за квартал", "{what} in a quarter"),
    "window_half_year": Phrase("{what} за полгода", "{what} in half a year"),
    "window_year": Phrase("{what} за год", "{what} in a year"),
    "keep_lifelong": Phrase("Уровень остаётся навсегда.", "A tier, once reached, stays."),
    "keep_month": Phrase(
        "Уровень подтверждается покупками каждого месяца", "A tier is confirmed by each month’s purchases"
    ),
    "keep_quarter": Phrase(
        "Уровень подтверждается покупками каждого квартала", "A tier is confirmed by each quarter’s purchases"
    ),
    "keep_half_year": Phrase(
        "Уровень подтверждается покупками каждого полугодия", "A tier is confirmed by each half-year’s purchases"
    ),
    "keep_year": Phrase(
        "Уровень подтверждается покупками каждого года", "A tier is confirmed by each year’s purchases"
    ),
    "keep_grace": Phrase("{keep}; ещё {days} в запасе.", "{keep}; {days} more are granted."),
    "keep_now": Phrase("{keep}.", "{keep}."),
    "on_days": Phrase("по {days}", "on {days}"),
    # how a grant came to its number
    "grant_percent": Phrase("{rate} от {base}", "{rate} of {base}"),
    "grant_fixed": Phrase("{points} за покупку", "{points} for the purchase"),
    "grant_per_unit": Phrase("{points} за каждые {per}", "{points} for every {per}"),
    "grant_multiply": Phrase("{factor} к начисленному по правилу {rules}", "{factor} to what {rules} gave"),
    "grant_mixed": Phrase("Всё вместе", "All together"),
    "one_point_is": Phrase("1\u00a0балл = {money}", "1\u00a0point = {money}"),
    "once_more": Phrase("ещё {points}", "plus {points}"),
    "from_wallet": Phrase("счёт подарков {wallet}", "gift wallet {wallet}"),
    "rounded_down": Phrase("округляем вниз", "rounded down"),
    "rounded_up": Phrase("округляем вверх", "rounded up"),
    "rounded_half_up": Phrase("округляем до ближайшего целого", "rounded to the nearest"),
    "rounded_half_even": Phrase(
        "округляем до ближайшего, половину\u00a0– до чётного", "rounded to the nearest, halves to even"
    ),
    # why a grant or a discount is smaller than it would be
    "less_receipt": Phrase(
        "Вышло бы {desired}, но за один чек по этому правилу даём не больше {given}.",
        "It would be {desired}, but this rule gives a receipt at most {given}.",
    ),
    "less_member_day": Phrase(
        "Вышло бы {desired}, но до дневного предела оставалось {given}.",
        "It would be {desired}, but the daily limit had {given} left.",
    ),
    "less_member_total": Phrase(
        "Вышло бы {desired}, но до вашего предела по этому правилу оставалось {given}.",
        "It would be {desired}, but your limit for this rule had {given} left.",
    ),
    "less_rule_total": Phrase(
        "Вышло бы {desired}, но от бюджета акции оставалось {given}.",
        "It would be {desired}, but the promotion's budget had {given} left.",
    ),
    # which lines stay out
    "others": Phrase("ещё {count}", "{count} more"),
    "line": Phrase("позиция {n}", "line {n}"),
    "one_blocked": Phrase("{lines} в начислении не участвует: {rule}.", "{lines} earns no points: {rule}."),
    "many_blocked": Phrase("{lines} в начислении не участвуют: {rule}.", "{lines} earn no points: {rule}."),
    # for whom, and when it can be spent
    "for_referrer": Phrase("За покупку приглашённого участника.", "For the purchase of an invited member."),
    "for_agent": Phrase("За покупку клиента.", "For the purchase of a client."),
    "at_once": Phrase("Доступны сразу", "Available at once"),
    "available_from": Phrase("Доступны с\u00a0{day}", "Available from {day}"),
    "valid_until": Phrase("действуют до {day} включительно", "valid until {day} inclusive"),
    "never_expire": Phrase("не сгорают", "never expire"),
    # what an effect does
    "discount_percent": Phrase("Скидка {rate}{most}", "{rate} off{most}"),
    "limited_to": Phrase(", не больше {amount}", ", at most {amount}"),
    "discount_fixed": Phrase("Скидка {amount}", "{amount} off"),
    "special_price": Phrase("По {price} за единицу", "{price} each"),
    "n_for_m": Phrase("{take} по цене {pay}", "{take} for the price of {pay}"),
    "bundle": Phrase("Набор за {price}", "The set for {price}"),
    "gift_item": Phrase("Товар в подарок", "Goods as a gift"),
    "accrue_percent": Phrase("{rate} баллами", "{rate} back in points"),
    "accrue_fixed": Phrase("{points}", "{points}"),
    "accrue_per_unit": Phrase("{points} за каждые {per}", "{points} for every {per}"),
    "multiply": Phrase("Баллы {factor}", "Points {factor}"),
    "block": Phrase("Исключено: {what}", "Excluded: {what}"),
    "block_discount": Phrase("скидки", "discounts"),
    "block_accrual": Phrase("начисление баллов", "earning points"),
    "block_redemption": Phrase("оплата баллами", "paying by points"),
    "redemption_limit": Phrase("До {share} баллами", "Up to {share} by points"),
    "unlock": Phrase("Открывает {privilege} на {days}", "Opens {privilege} for {days}"),
    "issue_coupon": Phrase("Купон {coupon} на {days}", "The coupon {coupon} for {days}"),
    # what a receipt came to besides points
    "discount_share": Phrase("{rate} от {base}", "{rate} of {base}"),
    "discount_room": Phrase(
        "Скидки вместе\u00a0– не больше {share} от цены.", "Discounts together take at most {share} of a price."
    ),
    "discount_other": Phrase("{what}: {amount}", "{what}: {amount}"),
    "off": Phrase("Скидка", "Discount"),
    "on_lines": Phrase(" ({lines})", " ({lines})"),
    "gift": Phrase("В подарок {units}: {line}, {amount}.", "{units} as a gift: {line}, {amount}."),
    "unlocked": Phrase(
        "Открыта привилегия {privilege}: до {day} включительно", "{privilege} is open until {day} inclusive"
    ),
    "coupon_issued": Phrase(
        "Вам купон {coupon}: до {day} включительно.", "A coupon for you: {coupon}, until {day} inclusive."
    ),
}

"""Why a rule did nothing, in words: a sentence for every reason, and for every kind of condition what it asks about."""

from portal.rulebook.explain.words import Phrase

TOPICS = {
    "always": Phrase("любой чек", "any receipt"),
    "all": Phrase("эти условия вместе", "these conditions together"),
    "any": Phrase("одно из этих условий", "one of these conditions"),
    "not": Phrase("остальные случаи", "the other cases"),
    "time_window": Phrase("срок акции", "the promotion's dates"),
    "weekly": Phrase("эти часы недели", "these hours of the week"),
    "tier": Phrase("ваш уровень", "your tier"),
    "segment": Phrase("ваша группа участников", "your group of members"),
    "receipt_total": Phrase("сумма чека", "the receipt's total"),
    "line_total": Phrase("сумма таких товаров", "the total of such goods"),
    "line_qty": Phrase("количество таких товаров", "the quantity of such goods"),
    "previous_purchase": Phrase("предыдущая покупка", "the previous purchase"),
    "purchase_number": Phrase("номер покупки", "the number of the purchase"),
    "days_since_last": Phrase("дни с прошлой покупки", "the days since the last purchase"),
    "referred": Phrase("как вы пришли", "how you came"),
    "channel": Phrase("способ покупки", "the way of buying"),
    "store": Phrase("этот магазин", "this store"),
    "birthday": Phrase("дни рождения", "the birthday days"),
    "coupon": Phrase("купон", "the coupon"),
    "privilege": Phrase("привилегия", "the privilege"),
    "profile": Phrase("данные профиля", "the profile"),
}

REASONS = {
    "always": Phrase("Действует всегда.", "Works always."),
    "all": Phrase("Выполнены не все условия.", "Not every condition is met."),
    "any": Phrase("Не выполнено ни одно из условий. {parts}", "None of the conditions is met. {parts}"),
    "not": Phrase("Исключение из правила: {topic}.", "An exception of the rule: {topic}."),
    "time_window_early": Phrase("Начнётся {moment}.", "Starts on {moment}."),
    "time_window_late": Phrase("Закончилось {moment}.", "Ended on {moment}."),
    "weekly_days": Phrase("Только {days}.", "Only {days}."),
    "weekly_hours": Phrase("Только с {start} до {end}.", "Only from {start} to {end}."),
    "weekly": Phrase("Только {days} с {start} до {end}.", "Only {days} from {start} to {end}."),
    "tier": Phrase("Только для уровня {wanted}.", "Only for the tier {wanted}."),
    "tier_found": Phrase(
        "Только для уровня {wanted}; ваш уровень до этого чека\u00a0– {found}.",
        "Only for the tier {wanted}; your tier before this receipt is {found}.",
    ),
    "segment": Phrase("Только для тех, кому магазин это назначил.", "Only for those the shop chose it for."),
    "receipt_total": Phrase(
        "Нужно {needed}, в чеке {value}{basis}.", "It takes {needed}, the receipt has {value}{basis}."
    ),
    "line_total": Phrase(
        "Нужно {needed} на товары акции, в чеке на них {value}{basis}.",
        "It takes {needed} of the promoted goods, the receipt has {value} of them{basis}.",
    ),
    "line_qty": Phrase(
        "Нужно {needed} товаров акции, в чеке {value}.",
        "It takes {needed} of the promoted goods, the receipt has {value}.",
    ),
    "short_of": Phrase("Не хватило {lack}.", "{lack} short."),
    "at_least": Phrase("не меньше {amount}", "{amount} or more"),
    "more_than": Phrase("больше {amount}", "more than {amount}"),
    "at_most": Phrase("не больше {amount}", "{amount} or less"),
    "before_discounts": Phrase("", ""),
    "after_discounts": Phrase(" после скидок", " after discounts"),
    "previous_purchase_none": Phrase("Нужна предыдущая покупка.", "It takes an earlier purchase."),
    "previous_purchase_amount": Phrase(
        "Нужна предыдущая покупка {needed}, а была на {value}.",
        "It takes a previous purchase of {needed}; yours was {value}.",
    ),
    "previous_purchase_old": Phrase(
        "Предыдущая покупка была {day}: с неё должно пройти {needed}.",
        "The previous purchase was on {day}; the rule takes {needed} since it.",
    ),
    "purchase_number_guest": Phrase("Только для участников программы.", "Only for members of the programme."),
    "purchase_number": Phrase(
        "Это покупка №\u00a0{value}, а правило действует для покупок {range}.",
        "This is purchase no.\u00a0{value}; the rule is for purchases {range}.",
    ),
    "numbers_from": Phrase("с №\u00a0{first}", "from no.\u00a0{first}"),
    "numbers_to": Phrase("до №\u00a0{last} включительно", "up to no.\u00a0{last}"),
    "numbers_between": Phrase("№\u00a0{first}–{last}", "no.\u00a0{first}–{last}"),
    "number_only": Phrase("только №\u00a0{first}", "no.\u00a0{first} only"),
    "days_since_last_none": Phrase("Это первая покупка.", "This is the first purchase."),
    "days_since_last": Phrase(
        "С прошлой покупки прошло {value}, нужно {needed}.",
        "It is {value} since the last purchase; the rule takes {needed}.",
    ),
    "referred": Phrase("Только для тех, кого пригласил участник.", "Only for those whom a member invited."),
    "referred_by": Phrase("Только для тех, кто пришёл по этой ссылке.", "Only for those who came by this link."),
    "channel": Phrase("Только для покупок {places}.", "Only for purchases {places}."),
    "store": Phrase("Только в магазине {stores}.", "Only in store {stores}."),
    "birthday_untold": Phrase("День рождения не указан в профиле.", "The profile has no birthday."),
    "birthday": Phrase(
        "Один раз в год: за {before} до дня рождения и {after} после него.",
        "Once a year: {before} before the birthday and {after} after it.",
    ),
    "coupon": Phrase("Нужен действующий купон.", "It takes a valid coupon."),
    "privilege": Phrase("Эта привилегия не открыта.", "This privilege is not open."),
    "privilege_ended": Phrase(
        "Привилегия действовала до {day} включительно.", "The privilege was open until {day} inclusive."
    ),
    "profile": Phrase("Зависит от того, что вы рассказали о себе.", "It depends on what you told about yourself."),
    # what is no condition
    "group": Phrase("Сработало другое правило той же группы.", "Another rule of the same group worked."),
    "group_winner": Phrase("Вместо него сработало {winner}.", "{winner} worked instead."),
    "cap_receipt": Phrase("Предел на один чек исчерпан.", "The limit for one receipt is used up."),
    "cap_member_day": Phrase("Дневной предел исчерпан.", "The daily limit is used up."),
    "cap_member_total": Phrase("Ваш предел по этому правилу исчерпан.", "Your limit for this rule is used up."),
    "cap_rule_total": Phrase("Бюджет акции исчерпан.", "The promotion's budget is used up."),
    "no_member": Phrase("Только для участников программы.", "Only for members of the programme."),
    "no_referrer": Phrase("Вас никто не приглашал.", "Nobody invited you."),
    "no_agent": Phrase("У вас нет мастера, которому это начисляется.", "You have no agent who would earn this."),
    "smaller_multiplier": Phrase("Сработал больший множитель.", "A larger multiplier worked."),
    "smaller_multiplier_factor": Phrase(
        "Сработал больший множитель: {factor}.", "A larger multiplier worked: {factor}."
    ),
    "blocked": Phrase(
        "Товары этого правила исключены другим правилом.", "Another rule excludes the goods of this one."
    ),
    "blocked_by": Phrase("Товары этого правила исключает {rule}.", "{rule} excludes the goods of this one."),
    "no_accrual_when_redeeming": Phrase(
        "В чеке, оплаченном баллами, баллы не начисляются.", "A receipt paid by points earns no points."
    ),
    # what would have worked with a little more
    "nudge": Phrase("Ещё {lack}\u00a0– и сработает {rule}.", "{lack} more and {rule} works."),
}

PLACES = {
    "store": Phrase("в магазине", "in the shop"),
    "web": Phrase("на сайте", "on the web"),
    "app": Phrase("в приложении", "in the app"),
}

"""The months as a list to choose from."""

from babel.dates import get_month_names

from portal.web.language import current_language


def month_names() -> list[str]:
    """Return the twelve months in the page's language, as they stand beside a day."""
    names = get_month_names("wide", context="format", locale=current_language())
    return [names[number] for number in range(1, 13)]

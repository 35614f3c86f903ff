"""What templates escape by: most of what a page says has nothing to escape, and needs no object to say so."""

import re

import markupsafe
from markupsafe import Markup

_SPECIAL = re.compile("[&<>'\"]").search


def escape(value: object) -> str:
    """Return text that is safe in a page; plain text is passed on as it is."""
    if type(value) is Markup or (type(value) is str and not _SPECIAL(value)):
        return value
    return markupsafe.escape(value)

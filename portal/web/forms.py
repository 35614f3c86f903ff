"""HTML forms: WTForms checks, our words; labels stand in the templates, beside what they name.

A sentence of ours is marked where the form is declared and translated where the page shows it; those of WTForms come
translated.
"""

from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import Field, Form
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, StopValidation

from portal.web.language import current_language


class PortalForm(Form):
    """A form that speaks the page's language and lists its mistakes in the order of its fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, meta={"locales": [current_language()]})

    @property
    def mistakes(self) -> list["Mistake"]:
        return [Mistake(field.id, str(message)) for field in self for message in field.errors[:1]]

    def blame(self, field: str, *, message: str) -> None:
        """Put a refusal beside the field that caused it."""
        self[field].errors = [*self[field].errors, message]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line of the error summary: which field, what is wrong with it, and its line where a form has several."""

    field: str
    message: str
    line: int = 0


class Needed(InputRequired):
    """Something must be typed; spaces alone are nothing. The message names it, for whoever reads the summary."""

    def __init__(self, message: str) -> None:
        super().__init__(message)

    def __call__(self, form: BaseForm, field: Field) -> None:
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            field.errors = []
            raise StopValidation(str(self.message))


def stripped(value: str | None) -> str:
    return " ".join((value or "").split())


def posted(form: type[PortalForm]) -> PortalForm:
    """Fill a form with what was posted."""
    return form(request.form)

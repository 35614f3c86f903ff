from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField

from portal.web.forms import Needed, PortalForm


class _Asked(PortalForm):
    name = StringField(validators=[Needed("Say your name.")])
    age = IntegerField(validators=[Needed("Say your age.")])


def _mistakes(app: Flask, **typed: str) -> dict[str, str]:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        form = _Asked(formdata=MultiDict(typed))
        form.validate()
        return {mistake.field: mistake.message for mistake in form.mistakes}


def test_spaces_alone_are_nothing(app: Flask) -> None:
    assert _mistakes(app, name="  \t ", age="7") == {"name": "Say your name."}


def test_a_zero_is_something(app: Flask) -> None:
    assert _mistakes(app, name="Ada", age="0") == {}


def test_what_is_left_out_is_named_in_the_order_of_the_fields(app: Flask) -> None:
    assert list(_mistakes(app)) == ["name", "age"]

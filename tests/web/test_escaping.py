"""What a page says is escaped, whatever way it took there."""

import pytest
from flask import Flask
from markupsafe import Markup
from werkzeug.local import LocalProxy

from portal.web.escaping import escape
from portal.web.render import Templates

UNSAFE = """<b title='a' data-b="c">&"""
SAFE = "&lt;b title=&#39;a&#39; data-b=&#34;c&#34;&gt;&amp;"


@pytest.mark.parametrize("sign", list("<>&'\""))
def test_each_sign_that_means_something_is_escaped(sign: str) -> None:
    assert str(escape(f"a{sign}b")) == str(Markup.escape(f"a{sign}b")) != f"a{sign}b"


def test_templates_escape_by_our_function() -> None:
    environment = Templates(Flask(__name__), autoescape=True)
    template = environment.from_string(
        "a escape, b {{ said }} {{ said|upper|lower }} {{ safe }} {{ 3 }} {{ 'x' ~ said }}"
    )
    assert template.root_render_func.__globals__["escape"] is escape
    assert template.render(said=UNSAFE, safe=Markup("<i>")) == f"a escape, b {SAFE} {SAFE} <i> 3 x{SAFE}"


def test_templates_call_by_place_and_by_name_and_hand_on_what_they_were_given() -> None:
    environment = Templates(Flask(__name__), autoescape=True)
    environment.globals["told"] = "{}-{}={more}".format
    template = environment.from_string(
        "{% macro box(mark='') %}<b>{{ mark }}{{ caller() }}</b>{% endmacro %}"
        "{% macro row(of) %}<i>{{ of }}</i>{% endmacro %}"
        "{{ told(1, 2, more=said) }} {{ told(*pair, **named) }} {{ row(said) }}"
        "{% call box('!') %}{{ said }}{% endcall %}"
    )
    assert template.render(said=UNSAFE, pair=(3, 4), named={"more": 5}) == (
        f"1-2={SAFE} 3-4=5 <i>{SAFE}</i><b>!{SAFE}</b>"
    )


def test_no_function_of_templates_asks_for_the_context(app: Flask) -> None:
    asking = [
        name
        for environment in app.extensions["environments"].values()
        for name, each in environment.globals.items()
        if type(each) is not LocalProxy and getattr(each, "jinja_pass_arg", None) is not None
    ]
    assert asking == []

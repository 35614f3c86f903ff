"""What a page says is escaped, whatever way it took there."""

import pytest
from flask import Flask
from markupsafe import Markup

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

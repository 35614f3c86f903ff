"""Pages that are rendered in one piece say what they said block by block."""

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from portal.web.flattening import WHOLE, flat_template

LAYOUT = (
    "<title>{% block title required %}{% endblock %}</title>"
    "{% block head %}<b>{{ shop }}</b>{% block end %}{% endblock %}{% endblock %}"
    "{% block main %}nothing{% endblock %}{% block foot %}{{ shop }}{% endblock %}"
)
PAGES = {
    "layout": LAYOUT,
    "parts": "{% macro greet(name) %}<i>{{ name }}</i>{% endmacro %}",
    "plain": "{% extends 'layout' %}{% from 'parts' import greet %}{% block title %}{{ name }}{% endblock %}"
    "{% block end %}{{ greet(name) }}{% endblock %}",
    "set": "{% extends 'layout' %}{% set own = 'mine' %}{% block title %}{% set shop = 'own' %}{{ shop }}{{ own }}"
    "{% endblock %}{% block main %}{% for n in (1, 2) %}{{ n }}{{ own }}{% endfor %}{% endblock %}",
    "middle": "{% extends 'plain' %}{% block main %}{{ greet(shop) }}{% endblock %}",
    "super": "{% extends 'plain' %}{% block main %}{{ super() }}!{% endblock %}",
}


@pytest.mark.parametrize("name", ["plain", "set", "middle", "super"])
def test_a_page_in_one_piece_says_what_its_blocks_say(name: str):
    environment = Environment(loader=DictLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    environment.filters[WHOLE] = str
    values = {"shop": "Ada & Ben", "name": "<Cleo>"}
    assert flat_template(environment, name).render(values) == environment.get_template(name).render(values)

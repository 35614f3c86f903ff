"""Requests and answers without what Flask would look for in vain."""

from flask import Flask, Response

from portal.web.cookies import cookie_said
from portal.web.hx import PortalRequest
from portal.web.plain import Answer, differs_by


def test_no_blueprint_has_hooks_which_the_portal_would_not_run(app: Flask):
    hooks = (app.before_request_funcs, app.after_request_funcs, app.url_value_preprocessors)

    assert [set(each) - {None} for each in hooks] == [set(), set(), set()]


def test_an_answer_tells_once_what_it_differs_by():
    answer = Answer("kept", headers={"Vary": "Origin"})
    differs_by(answer, "HX-Request")
    differs_by(answer, "Cookie")

    told = Response.from_app(answer, {"REQUEST_METHOD": "GET"})

    assert told.headers.getlist("Vary") == ["Origin, HX-Request, Cookie"]


def test_an_answer_of_another_class_differs_too():
    answer = Response("kept")
    differs_by(answer, "Cookie")

    assert answer.headers["Vary"] == "Cookie"


def test_the_first_cookie_of_a_name_counts_and_a_missing_one_says_nothing(app: Flask):
    with app.test_request_context(headers={"Cookie": "theme=dark; theme=light; language=ru"}) as context:
        assert isinstance(context.request, PortalRequest)
        assert (cookie_said("theme"), cookie_said("language"), cookie_said("install")) == ("dark", "ru", "")


def test_a_host_that_nobody_can_have_is_taken_for_none(app: Flask):
    client = app.test_client()

    assert client.get("/robots.txt", headers={"Host": "a b"}).status_code == 200
    assert client.get("/robots.txt", headers={"Host": f"{'x' * 64}.example"}).status_code == 400

"""The one client that opens pages in tests: every answer is held to the page contract (style.md, Tests).

Valid HTML by a strict parser, one `h1` with which the title begins, a label for every field, ids that are there once
and exist where they are pointed at, nothing inline, htmx only on what works without it, nothing to press
before its script listens, safe headers.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.web.cookies import host_only

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
LABELLED = {"input", "select", "textarea"}
NEEDS_EVAL = re.compile(r"hx-on|js:|javascript:")


@dataclass(frozen=True)
class Page:
    """An answer that kept the contract."""

    answer: TestResponse
    tree: Element
    statements: tuple[str, ...] = field(repr=False)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def location(self) -> str | None:
        return self.answer.headers.get("Location")

    @property
    def title(self) -> str:
        return _words(self.find("title"))

    @property
    def heading(self) -> str:
        return _words(self.find("h1"))

    @property
    def words(self) -> str:
        """Everything a reader sees, with single spaces of the ordinary kind."""
        return _words(self.find("body"))

    @property
    def seen(self) -> str:
        """The words of a part, which has no body."""
        return _words(self.tree)

    def find(self, tag: str, /, **attributes: str) -> Element:
        found = self.find_all(tag, **attributes)
        assert found, f"no <{tag}> with {attributes}"
        return found[0]

    def find_all(self, tag: str, /, **attributes: str) -> list[Element]:
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            element
            for element in self.tree.iter()
            if str(element.tag).rpartition("}")[2] == tag
            and all(value in [*(element.get(key) or "").split(" "), element.get(key)] for key, value in wanted.items())
        ]


class Pages:
    """A browser without JavaScript that checks what it is given."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **kwargs: Any) -> Page:
        return self._open("GET", path, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Page:
        headers = SAME_ORIGIN | kwargs.pop("headers", {})
        return self._open("POST", path, data=data or {}, headers=headers, **kwargs)

    def follow(self, page: Page) -> Page:
        assert page.status in {302, 303}, page.status
        return self.get(str(page.location))

    def part(self, path: str, *, target: str, data: dict[str, Any] | None = None) -> Page:
        """Ask as htmx does for one part of a page, with a form where there is one."""
        headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target}
        if data is None:
            return self._open("GET", path, headers=headers, part=True)
        return self._open("POST", path, data=data, headers=headers | SAME_ORIGIN, part=True)

    def speaking(self, language: str) -> Self:
        self.client.set_cookie(host_only("language", https=self.app.extensions["settings"].https), language)
        return self

    def _open(self, method: str, path: str, *, part: bool = False, **kwargs: Any) -> Page:
        statements: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        engine = self.app.extensions["engine"]
        event.listen(engine, "before_cursor_execute", count)
        try:
            answer = self.client.open(path, method=method, **kwargs)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        tree = _checked(answer, part=part) if answer.mimetype == "text/html" and answer.text else Element("html")
        if not part and answer.status_code not in {302, 303} and answer.mimetype == "text/html":
            _check_whole_page(tree)
        _check_headers(answer)
        return Page(answer, tree, tuple(statements))


def _checked(answer: TestResponse, *, part: bool) -> Element:
    redirect = answer.status_code in {302, 303}
    parser = html5lib.HTMLParser(strict=not redirect, namespaceHTMLElements=False)
    tree = parser.parseFragment(answer.text) if part else parser.parse(answer.text)
    if not redirect:
        _check_ids(tree, part=part)
        _check_labels(tree)
        _check_nothing_inline(tree)
        _check_words(tree)
        _check_nothing_is_pressed_in_vain(tree)
    return tree


def _check_whole_page(tree: Element) -> None:
    headings = list(tree.iter("h1"))
    assert len(headings) == 1, f"{len(headings)} h1"
    title = _words(next(tree.iter("title")))
    assert title.startswith(_words(headings[0])), f"the title {title!r} does not begin with {_words(headings[0])!r}"
    html = next(iter(tree.iter("html")))
    assert html.get("lang") in {"ru", "en"}, "no language"
    assert len(list(tree.iter("main"))) == 1


def _check_ids(tree: Element, *, part: bool) -> None:
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    twice = [name for name, count in ids.items() if count > 1]
    assert not twice, f"ids that are there twice: {twice}"
    if part:
        return
    for element in tree.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (element.get(attribute) or "").split():
                assert name in ids, f"{attribute}={name!r} points nowhere"
        link = element.get("href") or ""
        assert not (element.tag == "a" and link.startswith("#")) or link[1:] in ids, f"{link} points nowhere"


def _check_labels(tree: Element) -> None:
    labelled = {element.get("for") for element in tree.iter("label")}
    for element in tree.iter():
        if element.tag in LABELLED and element.get("type") != "hidden":
            name = element.get("id")
            assert name in labelled or element.get("aria-label"), f"no label for {element.get('name')!r}"
        if element.tag in {"button", "a"}:
            assert _words(element) or element.get("aria-label"), f"a {element.tag} without words"
        if element.tag == "form":
            assert element.get("method") in {"get", "post"}, "a form that says no method"


def _check_nothing_inline(tree: Element) -> None:
    for element in tree.iter():
        assert element.tag != "style", "an inline style sheet"
        assert element.tag != "script" or (element.get("src") and not (element.text or "").strip()), "inline script"
        for name, value in element.attrib.items():
            key = str(name)
            assert key != "style", "an inline style"
            assert not key.startswith("on"), f"inline {key}"
            assert not NEEDS_EVAL.search(f"{key}={value}"), f"{key}={value!r} needs eval"
            assert key != "hx-trigger" or "[" not in value, "a trigger filter needs eval"
        if element.get("hx-get") or element.get("hx-post"):
            address = element.get("hx-get") or element.get("hx-post")
            by_itself = (element.get("hx-trigger") or "").startswith("load")
            assert by_itself or address in {element.get("href"), element.get("action")}, "htmx without a plain way"


def _check_nothing_is_pressed_in_vain(tree: Element) -> None:
    """Want hidden or disabled what does nothing without its script, which comes late and lets it be pressed."""
    if tree.tag in {"template", "dialog"} or {"hidden", "disabled"} & set(tree.attrib):
        return
    lost = (tree.tag, tree.get("type")) in {("button", "button"), ("input", "file")}
    assert not lost, f"pressed before its script listens, this is lost: {_words(tree) or tree.attrib}"
    for element in tree:
        _check_nothing_is_pressed_in_vain(element)


def _check_words(tree: Element) -> None:
    for element in tree.iter():
        text = element.text or ""
        assert "%(" not in text, f"a sentence with an empty slot: {text!r}"


def _check_headers(answer: TestResponse) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    reads_codes = b"data-camera-film" in answer.data
    assert "unsafe" not in (policy.replace("'wasm-unsafe-eval'", "") if reads_codes else policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Permissions-Policy" in headers
    assert headers["X-Request-Id"]
    if answer.mimetype == "text/html":
        assert headers["Cache-Control"] == "no-store"
        assert "HX-Request" in headers["Vary"]


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())

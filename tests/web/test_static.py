from pathlib import Path

import pytest
from werkzeug.test import Client

from portal.web import static
from portal.web.headers import headers_of_files


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give a folder of static files of its own, and where they are built to."""
    monkeypatch.setattr(static, "SOURCE", tmp_path / "static")
    monkeypatch.setattr(static, "BUILT", tmp_path / "built")
    (tmp_path / "static/css").mkdir(parents=True)
    (tmp_path / "static/css/base.css").write_text("body { margin: 0 }\n" * 50, encoding="utf-8")
    static.build_name.cache_clear()
    yield tmp_path / "static"
    static.build_name.cache_clear()


def get(address: str, **headers: str):
    with Client(static.serve(nothing, headers=headers_of_files(https=True))).get(
        address, headers=headers, buffered=True
    ) as answer:
        return answer


def nothing(_environ, start_response):
    start_response("404 Not Found", [])
    return [b""]


@pytest.mark.parametrize(("encoding", "sent"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None)])
def test_a_built_file_is_sent_compressed_and_for_ever(files: Path, encoding: str, sent: str | None):
    static.build()
    url = static.static_url("css/base.css")
    answer = get(url, **{"Accept-Encoding": encoding})
    assert answer.headers.get("Content-Encoding") == sent
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "includeSubDomains" in answer.headers["Strict-Transport-Security"]


def test_files_are_served_before_they_are_built(files: Path):
    assert get(static.static_url("css/base.css")).status_code == 200


def test_another_content_has_another_address(files: Path):
    before = static.static_url("css/base.css")
    (files / "css/base.css").write_text("body { margin: 1px }", encoding="utf-8")
    static.build_name.cache_clear()
    assert static.static_url("css/base.css") != before


def test_the_last_builds_are_still_served(files: Path):
    addresses = []
    for margin in range(5):
        (files / "css/base.css").write_text(f"body {{ margin: {margin}px }}", encoding="utf-8")
        static.build_name.cache_clear()
        static.build()
        addresses.append(static.static_url("css/base.css"))
    assert [get(address).status_code for address in addresses] == [404, 404, 200, 200, 200]


def test_a_file_that_is_not_there_is_a_mistake_of_the_template(files: Path):
    with pytest.raises(FileNotFoundError):
        static.static_url("css/bsae.css")


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"])
def test_nothing_outside_the_folder_is_served(files: Path, path: str):
    static.build()
    assert get(path).status_code == 404

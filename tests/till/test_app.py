"""The till as an app of its own: what browsers are told, and what its worker keeps."""

import json
import re

import pytest

from tests.till.shop import Till


@pytest.mark.parametrize(("language", "scan"), [("en", "Scan"), ("ru", "Сканировать")])
def test_the_till_is_an_app_of_its_own_with_a_shortcut_to_scan(device: Till, language: str, scan: str):
    told = json.loads(device.pages.client.get(f"/till/manifest.webmanifest?lang={language}").text)
    assert (told["id"], told["start_url"], told["scope"]) == ("/?app=till", "/till", "/till")
    assert told["shortcuts"][0] == {"name": scan, "url": "/till?start=camera"}
    assert len(told["short_name"]) <= 12
    for picture in told["icons"]:
        assert device.pages.client.get(picture["src"]).mimetype == "image/png"


def test_pages_of_the_till_link_its_manifest_and_worker_alone(till: Till):
    for page in (till.pages.get("/till"), till.pages.get("/till/enrol"), till.pages.get("/till/offline")):
        links = [link.get("href") for link in page.find_all("link", rel="manifest")]
        assert links == ["/till/manifest.webmanifest?lang=en"]
        assert not [script for script in page.find_all("script") if "js/app.js" in (script.get("src") or "")]


def test_the_worker_keeps_the_decoder_and_nothing_with_a_name(device: Till):
    answer = device.pages.client.get("/till/service-worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/till"
    assert answer.headers["Cache-Control"] == "no-cache"
    shell = json.loads(re.search(r"const SHELL = (\{.*?\});\n", answer.text)[1])
    names = {path.rpartition("/")[2] for path in shell["files"]}
    assert {"zxing_reader.wasm", "ponyfill.js", "till-camera.js", "till-decoder.js"} <= names
    assert all(path.startswith(("/static/", "/style/")) for path in shell["files"])
    again = device.pages.client.get("/till/service-worker.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_without_a_network_the_till_says_what_to_do(device: Till):
    page = device.pages.get("/till/offline")
    assert page.heading == "No connection"
    assert "look under your name" in page.words

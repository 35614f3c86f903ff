"""The worked examples of the domain design, and any other file of the same form: CASES=FILE pytest tests/acceptance."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.adapter import KINDS
from tests.acceptance.matching import differences

NOT_BUILT_YET = {
    "ab", "assign", "attribution", "backtest", "border", "campaign_roi", "channel", "chest", "codeword", "deferred",
    "frontier", "kpi", "level", "liability", "msprt", "occasion", "offer_cost", "quest",
    "return_curve", "return_share", "rfm", "sample", "survey_gate",
    "survey_scores",
}  # fmt: skip
"""Kinds whose part of the portal does not exist yet. This list only shrinks."""

FILE = Path(os.environ.get("CASES") or Path(__file__).with_name("cases.json"))
DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: f"{case['id']}-{case['kind']}")
def test_a_worked_example_comes_out_as_designed(case: dict[str, Any]) -> None:
    if case["kind"] in NOT_BUILT_YET:
        pytest.skip(f"{case['kind']} is not built yet")
    found = KINDS[case["kind"]](_resolved(case["input"]))
    assert not list(differences(case["expected"], found)), case["title"]


def test_no_kind_is_both_built_and_skipped() -> None:
    assert not NOT_BUILT_YET & KINDS.keys()


def _resolved(given: Any) -> Any:
    """Put the programmes named by {"$ref": name} in their places."""
    if isinstance(given, dict):
        if set(given) == {"$ref"}:
            return DOCUMENT.get("programmes", {})[given["$ref"]]
        return {key: _resolved(value) for key, value in given.items()}
    return [_resolved(value) for value in given] if isinstance(given, list) else given

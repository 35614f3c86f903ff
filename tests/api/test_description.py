"""The description is true: calls made from it at random get the answers it names, and never a broken one."""

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from portal.api.api import api
from portal.api.openapi import describe
from portal.api.pace import Pace
from portal.api.problems import OWN_CODES
from portal.api.registry import Operation
from tests.api.conftest import PREFIX, Api, receipt
from tests.pages import Pages

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.mark.parametrize("operation", api.operations, ids=lambda operation: operation.name)
def test_random_calls_get_described_answers(operation: Operation, shop: Api, ada: dict[str, Any]):
    shop.app.extensions["api_pace"] = Pace(rate=0)
    owner = shop.key("till", "shop", "crm", "admin")
    headers = {"Authorization": f"Bearer {owner.secret}", "Accept-Encoding": "identity"}
    known = known_ids(owner, ada)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", shop.app)
    described = schema[PREFIX + re.sub(r"<(?:path:)?(\w+)>", r"{\1}", operation.path)][operation.method]

    @given(case=described.as_strategy())
    @settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def call(case: Any) -> None:
        case.call_and_validate(checks=[*CHECKS, negative_data_rejection], headers=headers)
        if case.path_parameters:
            case.path_parameters = known
        if isinstance(case.body, dict) and case.body.get("member"):
            case.body["member"] = {"id": ada["id"]}
        case.call_and_validate(checks=CHECKS, headers=headers)

    call()


def test_an_id_of_a_slash_gets_a_described_answer(shop: Api):
    path = "/members/{member_id}/gifts"
    described = describe(api.operations, prefix=PREFIX)["paths"][PREFIX + path]["post"]["responses"]
    assert str(shop.key("crm").post(path.format(member_id="%2F"), {}).status_code) in described


def test_a_description_that_is_not_true_would_be_found(shop: Api, ada: dict[str, Any]):
    owner = shop.key("crm")
    document = describe(api.operations, prefix=PREFIX)
    document["components"]["schemas"]["BalanceAnswer"]["required"].append("ghost")
    schema = schemathesis.openapi.from_dict(document)
    schema.app = shop.app
    case = schema[f"{PREFIX}/members/{{member_id}}/balance"]["GET"].Case(path_parameters={"member_id": ada["id"]})
    headers = {"Authorization": f"Bearer {owner.secret}", "Accept-Encoding": "identity"}
    with pytest.raises(FailureGroup) as found:
        case.call_and_validate(checks=CHECKS, headers=headers)
    assert "ghost" in str(found.value)


def known_ids(owner: Api, ada: dict[str, Any]) -> dict[str, str]:
    """Return ids for the parts of paths that are there, so that random calls come further than 404."""
    bought = owner.post("/receipts", receipt(member={"id": ada["id"]})).json
    held = owner.post("/holds", {"member": {"id": ada["id"]}, "points": 5}).json
    large = {"points": 1_000, "reason": "goodwill", "comment": "large"}
    asked = owner.key("crm").post(f"/members/{ada['id']}/adjustments", large).json
    sale = {"store": "S1", "number": "T1-000009", "member": {"id": ada["id"]}, "points": 5, "due": 90_000}
    return {
        "member_id": ada["id"],
        "approval_id": owner.post("/approvals", sale).json["id"],
        "receipt_id": bought["receipt_id"],
        "number": bought["entries"][0],
        "hold_id": held["id"],
        "adjustment_id": asked["id"],
        "reward_id": "mug",
        "sku": "CHEESE",
    }


def test_every_operation_is_described_with_its_scopes(shop: Api):
    document = shop.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    described = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    assert described == {operation.name for operation in api.operations}


def test_the_page_of_the_description_keeps_the_page_contract(shop: Api):
    page = Pages(shop.app).get("/api/v1/docs")
    assert page.status == 200
    for operation in api.operations:
        page.find("h2", id=operation.name)
    for code in ("not-enough-points", *OWN_CODES):
        page.find("li", id=code)
    page.find("li", id="no-points-offline")

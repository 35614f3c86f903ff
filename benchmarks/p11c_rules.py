"""P11c: evaluation with its trace against the naive interpreter of its document: `python benchmarks/p11c_rules.py`.

Ten rules, receipts of ten lines; every fifth member pays by points. Both answer from inputs read beforehand: ours from
values, the interpreter from the documents it reads.
"""

import random
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent))

from measure import compare, rate
from shop import CATEGORIES, RULEBOOK

from portal.rulebook.document import load_json
from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import read_member_state
from portal.rulebook.receipt import read_receipt
from tests.rulebook.naive import naive_evaluate

RULES = load_json(RULEBOOK)


def told(number: int, chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a member and a receipt as documents."""
    lines = [
        {
            "n": n, "sku": f"SKU-{chance.randrange(500)}", "category": chance.choice(CATEGORIES), "brand": "Prosto",
            "tags": ["yellow"] if chance.random() < 0.1 else [], "qty": chance.randint(1, 3),
            "gross": chance.randrange(900, 60_000),
        }
        for n in range(1, 11)
    ]  # fmt: skip
    member = {
        "id": "m", "balance": {"points": 500}, "purchases": number % 7,
        "last_purchase": {"at": "2026-02-20T12:00:00+03:00", "net": chance.randrange(100_000, 500_000)},
    }  # fmt: skip
    day, hour = chance.randint(1, 28), chance.randint(8, 21)
    receipt = {
        "at": f"2026-03-{day:02d}T{hour:02d}:30:00+03:00",
        "channel": chance.choice(["store", "web"]),
        "lines": lines,
    }
    return member, receipt | ({"points_requested": 100} if number % 5 == 0 else {})


CHANCE = random.Random(11)
DOCUMENTS = [told(number, CHANCE) for number in range(400)]
VALUES = [(read_member_state(member), read_receipt(receipt)) for member, receipt in DOCUMENTS]


def closures() -> int:
    for member, receipt in VALUES:
        evaluate(RULES, member, receipt)
    return len(VALUES)


def interpreter() -> int:
    for member, receipt in DOCUMENTS:
        naive_evaluate(RULEBOOK, member, receipt)
    return len(DOCUMENTS)


if __name__ == "__main__":
    compare("P11c evaluation with trace", lambda: rate(closures), lambda: rate(interpreter), rounds=7)

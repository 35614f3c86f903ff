"""The gate at four times the capacity: how long an answer and a refusal take (security.md §1.8).

`python benchmarks/overload.py [seconds]`: first what two workers can do of `/home` on SQLite, then four times as many.
"""

import sys
import tempfile

import load
import measure
import p07_home
import shop

TIMES = 4


def main(seconds: float) -> None:
    """Print the capacity and, above it, the waits of pages and of refusals."""
    with tempfile.TemporaryDirectory() as folder:
        ours = shop.open_shop(f"sqlite:///{folder}/home.db", members=p07_home.MEMBERS, welcome=300)
        with shop.serving(ours.url) as base:
            homes = [load.request(base, "GET", "/home", headers={"Cookie": each}) for each in p07_home.cookies(ours)]
            load.fire(base, homes)
            capacity = load.fire(base, homes * 10).rate
            count = int(capacity * TIMES * seconds)
            wanted = (homes * (count // len(homes) + 1))[:count]
            waits = load.pour(base, wanted, per_second=capacity * TIMES)
    print(f"capacity {capacity:,.0f}/s; {TIMES} times as many for {seconds:g} s; {measure.machine()}")
    for status, each in sorted(waits.items()):
        print(f"  {status}: {len(each):,}, p50 {_ms(each, 0.5)}, p99 {_ms(each, 0.99)}, longest {_ms(each, 1)}")


def _ms(waits: list[float], share: float) -> str:
    return f"{sorted(waits)[min(int(len(waits) * share), len(waits) - 1)] * 1000:.0f} ms"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5)

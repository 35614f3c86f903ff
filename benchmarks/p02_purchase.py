"""P2: purchases over HTTP (ten lines, ten rules, posting, explanation, outbox) against pgbench's TPC-B-like work.

    .venv/bin/python benchmarks/p02_purchase.py

Both on one PostgreSQL with 8 clients; firm ≥ 0.25, stretch ≥ 0.40. P3 beside it: every fifth purchase spends points,
against purchases that only earn; firm ≥ 0.65, stretch ≥ 0.85.
"""

from itertools import count

import load
import measure
import postgres
import shop

PURCHASES = 2000


def main() -> None:
    """Print both ratios."""
    with postgres.server() as url:
        postgres.prepare_pgbench(limit := postgres.database(url, "limit"))
        ours = shop.open_shop(postgres.database(url, "ours"), members=2000, welcome=300)
        with shop.serving(ours.url) as base:
            series = count()
            shop.let_jobs_end(ours)

            def purchases(points: int = 0) -> float:
                told = shop.receipts(ours, count=PURCHASES, series=f"r{next(series)}", points=points)
                return load.fire(base, shop.posts(base, ours, told)).rate

            measure.compare("P2 purchase over HTTP / pgbench", purchases, lambda: postgres.pgbench_rate(limit))
            measure.compare("P3 80/20 with redemption / accrual only", lambda: purchases(points=3), purchases)


if __name__ == "__main__":
    main()

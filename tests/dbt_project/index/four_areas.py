"""The nation, Zhejiang, Xi'an and Tonglu in 2024 by two indicators: a small index whose figures are known."""

import csv
from pathlib import Path
from typing import Any

from warehouse.policy.supplement import columns

INDEX = "four_areas"
YEAR = 2024
GROUP = "four_areas"
AREA_GROUP = {
    "area_group": GROUP,
    "name": {"en": "Four areas", "zh": "四个地区"},
    "citation": "none",
    "ref_areas": ["000000", "330000", "610100", "330122"],
}
# Area: ratio of urban to rural income, rural income in yuan.
FIGURES = {
    "000000": (54188 / 23119, 23119),
    "330000": (78251 / 42786, 42786),
    "610100": (53678 / 21185, 21185),
    "330122": (69410 / 45071, 45071),
}
NODES: list[dict[str, Any]] = [
    {"index_id": INDEX, "node": "index", "min_present_share": 1},
    {"index_id": INDEX, "node": "ratio", "parent": "index", "indicator": "urban_rural_income_ratio", "direction": -1},
    {
        "index_id": INDEX, "node": "rural_income", "parent": "index", "indicator": "disposable_income_per_capita",
        "area_type": "rural", "direction": 1,
    },
]  # fmt: skip
_VARIANT: dict[str, Any] = {
    "index_id": INDEX, "area_group": GROUP, "is_headline": False, "denominate": "none", "impute": "none",
    "treat": "none", "normalise": "min_max", "reference": "by_year", "aggregate": "arithmetic",
}  # fmt: skip
VARIANTS: list[dict[str, Any]] = [
    _VARIANT
    | {"variant": "entropy", "is_headline": True, "scale_low": 0, "scale_high": 1, "weigh": "entropy"},
    _VARIANT | {"variant": "equal", "scale_low": 0, "scale_high": 1, "weigh": "equal"},
    _VARIANT | {"variant": "equal_on_100", "scale_low": 1, "scale_high": 100, "weigh": "equal"},
    _VARIANT
    | {"variant": "geometric", "scale_low": 1, "scale_high": 100, "weigh": "equal", "aggregate": "geometric"},
]


def write_registers(folder: Path) -> None:
    """Writes the index as a bureau adds it to the registers; `AREA_GROUP` is for a source to declare."""
    for register, rows in (("composite_index", NODES), ("index_variant", VARIANTS)):
        with (folder / f"{register}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns(register), restval="")
            writer.writeheader()
            writer.writerows(
                {**row, "is_headline": str(row["is_headline"]).lower()} if "is_headline" in row else row
                for row in rows
            )

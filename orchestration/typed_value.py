"""A value as a reviewer types it: a number in the unit in which the value was printed, or with its own unit.

Here: text to an exact decimal, and whether it can be true at all. Not here: whether it is believable, which the rules
say of it at the next refresh.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from expectations.standing import digits
from orchestration.errors import OrchestrationError
from warehouse.home import DBT_PROJECT

NUMBER = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,15})?)\s*(\S.*)?")
# What the observations can hold.
TOO_LARGE = Decimal(10) ** 17
DECIMALS = 15


def parse(typed: str | None, unit_measure: str, printed: tuple[str, float] | None = None) -> Decimal:
    """The value in `unit_measure`, exactly as typed; a unit after the number is converted.

    Args:
        typed: a number, with or without a unit.
        unit_measure: the unit of the indicator.
        printed: the unit on the page and its multiplier, which a number without a unit is in: whoever decides has the
            page before them, and values are shown and suggested in its unit. None where the page states none; such a
            number is in `unit_measure` then.

    Raises:
        OrchestrationError: `review.no_value`, `review.not_a_number`, `review.unknown_unit`.
    """
    wanted = printed[0] if printed else unit_measure
    if not (typed or "").strip():
        raise OrchestrationError("review.no_value", unit=wanted)
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", typed or "").strip())
    if not found:
        raise OrchestrationError("review.not_a_number", text=typed, unit=unit_measure)
    unit = found[2] or wanted
    multiplier = (
        Decimal(f"{printed[1]:.17g}") if printed and unit == wanted else _multiplier(unit, unit_measure)
    )
    value = _in_unit(Decimal(found[1].replace(",", "")), multiplier)
    exponent = value.as_tuple().exponent
    if abs(value) >= TOO_LARGE or (isinstance(exponent, int) and -exponent > DECIMALS):
        raise OrchestrationError("review.not_a_number", text=typed, unit=unit_measure)
    return value


def check_possible(value: Decimal, flag: Mapping[str, Any]) -> None:
    """Refuse what cannot be true, and what corrects nothing.

    Raises:
        OrchestrationError: `review.impossible_value`, `review.same_value`.
    """
    low, high = flag["min_value"], flag["max_value"]
    if (low is not None and value < Decimal(str(low))) or (high is not None and value > Decimal(str(high))):
        raise OrchestrationError(
            "review.impossible_value", value=plain(value), unit=flag["unit_measure"],
            indicator=flag["indicator"], low=_bound(low), high=_bound(high),
        )  # fmt: skip
    if digits(value) == digits(flag["obs_value"]):
        raise OrchestrationError("review.same_value", value=plain(value), flag=flag["flag_id"])


def plain(value: float | Decimal) -> str:
    """A value in all its digits, without an exponent."""
    return f"{value if isinstance(value, Decimal) else Decimal(digits(value)):f}"


def _in_unit(number: Decimal, multiplier: Decimal) -> Decimal:
    """The product; a power of ten moves the point, and keeps the decimals that were typed.

    Of any other multiplier, 15 mu to a hectare, as many digits are told as a DOUBLE keeps.
    """
    power = multiplier.adjusted()
    if multiplier == Decimal(1).scaleb(power):
        return number.scaleb(power)
    product = Context(prec=15).multiply(number, multiplier)
    return round(product, DECIMALS) if product.adjusted() < -1 else product


def _multiplier(unit: str, unit_measure: str) -> Decimal:
    if unit.upper() == unit_measure:
        return Decimal(1)
    with (DBT_PROJECT / "seeds" / "unit.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            written = unicodedata.normalize("NFKC", row["unit_text"])
            if row["unit_measure"] == unit_measure and written.upper() == unit.strip().upper():
                return Decimal(row["multiplier"])
    raise OrchestrationError("review.unknown_unit", unit=unit, wanted=unit_measure)


def _bound(value: float | None) -> str:
    return "–" if value is None else plain(value)

"""What 10,000 draws of a composite index cost: time of the models, and the peak of memory. Nothing passes or fails.

Regions of a province and of all counties, 20 indicators in four dimensions, one year; as bureaus have them, and with
figures missing here and there, which splits the regions by what is known of them.
"""

import os
import subprocess
import sys

import pytest

from tests.conftest import CHECKOUT

INDICATORS, DIMENSIONS, DRAWS = 20, 4, 10_000
DERIVE = """
import resource, sys
from tests.dbt_project.index.derivation import PLAIN, Derivation
regions, indicators, dimensions, draws, missing = map(int, sys.argv[1:])
made = Derivation(memory_limit="3GB")
run = made.connection.execute
run("insert into dim_ref_area select printf('%06d', i), '', 'special', '000000', 2000, null"
    f" from range({regions}) t(i)")
run(f"insert into dim_indicator select 'i' || j, 1 from range({indicators}) t(j)")
run("insert into mart_indicator_value select printf('%06d', i), 2020, 'i' || j, 'total',"
    " md5_number_lower(i || '/' || j) / 1e19, 'b', true, 'A', 'F', 'passed', date '2025-01-01'"
    f" from range({regions}) t(i), range({indicators}) u(j) where hash(i, j) % 1000 >= {missing}")
node = {"index_id": "x"}
made.put("stg_composite_index", [
    node | {"node": "index", "min_present_share": 1},
    *(node | {"node": f"d{k}", "parent": "index", "min_present_share": 0.5} for k in range(dimensions)),
    *(node | {"node": f"n{j}", "parent": f"d{j % dimensions}", "indicator": f"i{j}"} for j in range(indicators)),
])
made.put("stg_index_variant", [PLAIN | node | {
    "scale_low": 1, "draws": draws, "drawn_years": 1, "weight_spread_pct": 25, "seed": 1,
    "draw_normalise": "min_max percentile_rank", "draw_aggregate": "arithmetic geometric"}])
made.derive()
(patterns,), = made.rows("select count(distinct known) from (select ref_area, list(node order by node) filter"
    " (value_normalised is not null) as known from mart_index_indicator group by ref_area)")
(drawn,), = made.rows("select max(draws) from mart_index_uncertainty")
used = resource.getrusage(resource.RUSAGE_SELF)
peak, cpu = used.ru_maxrss // 1024, used.ru_utime + used.ru_stime
drawing, whole = made.seconds["mart_index_uncertainty"], sum(made.seconds.values())
print(f"| {regions:,} | {patterns:,} | {drawn:,} | {drawing:.1f} | {whole:.1f} | {cpu:.1f} | {peak:,} |")
"""


@pytest.mark.bench
def test_index_cost(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for regions, missing in ((31, 0), (3000, 0), (3000, 5)):
        sizes = map(str, (regions, INDICATORS, DIMENSIONS, DRAWS, missing))
        done = subprocess.run(
            [sys.executable, "-c", DERIVE, *sizes],
            cwd=CHECKOUT,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
            capture_output=True,
            text=True,
            check=True,
        )
        lines.append(done.stdout.strip())
    with capsys.disabled():
        print(
            "\n| regions | sets of known indicators | draws | drawing s | whole index s | CPU s | peak MB |"
        )
        print("|---|---|---|---|---|---|---|", *lines, sep="\n")

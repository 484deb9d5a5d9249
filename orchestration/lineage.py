"""What follows from what: the dbt project's models as assets, and the step of a refresh that each belongs to.

Here: reading the dbt manifest. Not here: running anything.

    raw/<source> → staging → observation/<source> → intermediate, evidence → quality/verdict → marts → release
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any, Literal

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

Step = Literal["prepare", "observe", "derive", "publish"]
Manifest = Mapping[str, Any]

# The one model that is computed partition by partition; the assets observation/<source> stand for it.
PARTITIONED_MODEL = "int_cell"
# The public observations that are in force on a day; marts that read them can be seen as of any day.
IN_FORCE = "fct_observation"
VERDICT = dg.AssetKey(["quality", "verdict"])
RELEASE = dg.AssetKey("release")

# Groups are named after the phases of GSBPM 5.1: 2 design, 4 collect, 5 process, 6 analyse, 7 disseminate.
COLLECT, CLASSIFY, VALIDATE, DISSEMINATE = "collect", "process_classify", "process_validate", "disseminate"
GROUPS = {
    "staging/raw": "process_integrate",
    "staging/process": "process_integrate",
    "staging/quality": VALIDATE,
    "intermediate/observation": CLASSIFY,
    "intermediate/evidence": "process_derive",
    "intermediate/accepted": "process_finalise",
    "marts": "analyse_marts",
}
REGISTERS = "design_registers"


def raw_key(source: str) -> dg.AssetKey:
    """The asset that stands for what a source sent."""
    return dg.AssetKey(["raw", source])


def observation_key(source: str) -> dg.AssetKey:
    """The asset that stands for a source's observations."""
    return dg.AssetKey(["observation", source])


class Lineage(DagsterDbtTranslator):
    """The dbt project's models and seeds as assets, joined to the assets that are not made by dbt."""

    def __init__(self, manifest: Manifest, sources: Iterable[str]) -> None:
        super().__init__()
        self.manifest = manifest
        self._raw = [raw_key(source) for source in sources]
        self._observations = [observation_key(source) for source in sources]
        self._steps = _steps(manifest)

    def nodes(self, step: Step) -> list[str]:
        """The unique ids of the models and seeds that a step makes."""
        return [unique_id for unique_id, of in self._steps.items() if of == step]

    def specs(self, step: Step) -> list[dg.AssetSpec]:
        """One asset per model and seed of a step."""
        return [self.get_asset_spec(self.manifest, unique_id, None) for unique_id in self.nodes(step)]

    def key(self, unique_id: str) -> dg.AssetKey:
        """The asset of a model or a seed."""
        return self.get_asset_key(self.manifest["nodes"][unique_id])

    def names(self, step: Step, keys: Iterable[dg.AssetKey]) -> dict[str, dg.AssetKey]:
        """The names that dbt knows the given assets of a step by."""
        wanted = set(keys)
        named = {unique_id.split(".")[-1]: self.key(unique_id) for unique_id in self.nodes(step)}
        return {name: key for name, key in named.items() if key in wanted}

    def seen_as_of(self) -> dict[str, str]:
        """The public relations that can be read as of a day, in the order of what reads what, with their paths.

        These are the observations in force and every mart made of public relations only that leads back to them.
        """
        marts = {
            u: n for u, n in self.manifest["nodes"].items() if n["fqn"][1:2] == ["marts"] and u in self._steps
        }
        found: dict[str, str] = {}
        reached = {unique_id for unique_id in marts if unique_id.endswith(f".{IN_FORCE}")}
        while reached:
            found |= {unique_id: marts[unique_id]["path"] for unique_id in sorted(reached)}
            readers = {
                child for parent in reached for child in self.manifest["child_map"][parent] if child in marts
            }
            reached = {
                one for one in readers - found.keys() if set(_parents(self.manifest, one)) <= marts.keys()
            }
        return {unique_id.split(".")[-1]: path for unique_id, path in found.items()}

    def get_asset_spec(self, manifest: Manifest, unique_id: str, project: Any) -> dg.AssetSpec:
        """dagster-dbt's asset, with the upstream assets that dbt does not know of."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if unique_id not in self._steps:
            return spec
        upstream = {key for parent in _parents(manifest, unique_id) for key in self._keys_of(parent)}
        if self._steps[unique_id] == "publish":
            upstream.add(VERDICT)
        return spec.replace_attributes(deps=sorted(upstream), skippable=False)

    def get_description(self, dbt_resource_props: Manifest) -> str:
        """The model's own description, without its SQL."""
        return str(dbt_resource_props.get("description") or "")

    def get_group_name(self, dbt_resource_props: Manifest) -> str | None:
        """The phase of the statistical process that the model's layer belongs to."""
        if dbt_resource_props["resource_type"] == "seed":
            return REGISTERS
        folder = "/".join(dbt_resource_props["fqn"][1:-1])
        return next(group for start, group in GROUPS.items() if folder.startswith(start))

    def _keys_of(self, unique_id: str) -> Sequence[dg.AssetKey]:
        """The assets that stand for a node seen from downstream."""
        if unique_id.startswith("source."):
            # process.* describes the run itself and is no data.
            return {"raw": self._raw, "quality": [VERDICT]}.get(unique_id.split(".")[2], [])
        if self._steps.get(unique_id) == "observe":
            return self._observations
        return [self.key(unique_id)]


def _steps(manifest: Manifest) -> dict[str, Step]:
    """The step of every model and seed: by its tag, but for the partitioned model and what it reads.

    What is read comes before what reads it, the order in which the orchestrator wants to hear of results.
    """
    nodes = manifest["nodes"]
    order = TopologicalSorter({one: manifest["parent_map"].get(one, ()) for one in nodes}).static_order()
    made = {
        one: nodes[one] for one in order if one in nodes and nodes[one]["resource_type"] in ("model", "seed")
    }
    partitioned = next(unique_id for unique_id in made if unique_id.endswith(f".{PARTITIONED_MODEL}"))
    before = _reached([partitioned], manifest["parent_map"])
    by_tag: dict[str, Step] = {"staging": "prepare", "evidence": "derive", "release": "publish"}

    def step(unique_id: str) -> Step:
        if unique_id == partitioned:
            return "observe"
        if unique_id in before:
            return "prepare"
        return next(by_tag[tag] for tag in by_tag if tag in made[unique_id]["tags"])

    return {unique_id: step(unique_id) for unique_id in made}


def _parents(manifest: Manifest, unique_id: str) -> list[str]:
    return list(manifest["parent_map"].get(unique_id, ()))


def _reached(start: Iterable[str], neighbours: Mapping[str, Sequence[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        unique_id = waiting.pop()
        if unique_id not in reached:
            reached.add(unique_id)
            waiting.extend(neighbours.get(unique_id, ()))
    return reached

"""Which concepts of an SDMX message label a figure, as `source.yml` declares it.

How they are found in a message is the matter of `sdmx.py` and of the reader of its format.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sources.declared.part import Declared, FileLayout

ConceptId = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_@$-]*$")]


class FixedText(Declared):
    """A text that every figure has, whatever the message says."""

    text: str


Concept = ConceptId | Annotated[tuple[ConceptId, ...], Field(min_length=2)] | FixedText
"""One concept, several whose codes are joined by '.', or a fixed text."""


ATTRIBUTES = frozenset(
    {
        "AVAILABILITY", "BASE_PER", "COLLECTION", "COMMENT_DSET", "COMMENT_OBS", "COMMENT_TS", "CONF_STATUS",
        "DECIMALS", "EMBARGO_TIME", "LAST UPDATE", "LAST_UPDATE", "OBS_COM", "OBS_COMMENT", "OBS_CONF", "OBS_FLAG",
        "OBS_PRE_BREAK", "OBS_STATUS", "SOURCE_AGENCY", "TIME_FORMAT", "TITLE", "TITLE_COMPL", "UNIT_MULT",
    }
)  # fmt: skip
"""Concepts that tell no two figures apart wherever they are used, so that a layout may be silent about them."""


class SdmxLayout(FileLayout):
    """A data message of SDMX-CSV, SDMX-ML or SDMX-JSON; the ending of a file tells which.

    A concept that stands here by default may be absent from a message, but for the first four.
    """

    endings: ClassVar[tuple[str, ...]] = (".csv", ".xml", ".json")

    kind: Literal["sdmx"]
    encoding: Literal["utf-8"] = "utf-8"
    structure: str | None = Field(
        default=None,
        description="the structure whose data are wanted: AGENCY:ID(VERSION), or AGENCY:ID for any",
    )
    value: ConceptId = "OBS_VALUE"
    ref_area: Concept = "REF_AREA"
    time_period: Concept = "TIME_PERIOD"
    indicator: Concept = "INDICATOR"
    unit: Concept = "UNIT_MEASURE"
    unit_mult: Concept = Field(
        default="UNIT_MULT", description="the power of ten that the unit is multiplied by"
    )
    obs_status: Concept = "OBS_STATUS"
    conf_status: Concept = "CONF_STATUS"
    freq: Concept = "FREQ"
    obs_comment: Concept = "OBS_COMMENT"
    area_type: Concept | None = None
    vintage: Concept | None = None
    ignore: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(), description="further concepts that may be left out, since they tell no two figures apart"
    )

    @property
    def needed(self) -> list[str]:
        """The concepts that a message must have, in the order of the declaration."""
        always = ("value", "ref_area", "time_period", "indicator")
        fields = type(self).model_fields
        names = [name for name in LABELS if name in always or getattr(self, name) != fields[name].default]
        return [concept for name in names for concept in self.concepts(name)]

    def is_silent_about(self, concept: str) -> bool:
        """Whether a concept that may tell figures apart is neither a label nor left out on purpose."""
        declared = {one for label in LABELS for one in self.concepts(label)}
        return concept not in declared | ATTRIBUTES | set(self.ignore)

    def concepts(self, label: str) -> tuple[str, ...]:
        """The concepts that make up a label; none for a fixed text or where nothing is declared."""
        declared = getattr(self, label)
        if isinstance(declared, str):
            return (declared,)
        return declared if isinstance(declared, tuple) else ()


NO_LABELS = ("kind", "encoding", "structure", "ignore")
LABELS = tuple(name for name in SdmxLayout.model_fields if name not in NO_LABELS)

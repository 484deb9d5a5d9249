"""What `source.yml` says of answers in JSON: which service's, and what they leave unsaid. Readers apply it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sources.declared.part import FileLayout

RefArea = Annotated[str, Field(min_length=1)]


class AnswerLayout(FileLayout):
    """What the layouts of all services share."""

    endings: ClassVar[tuple[str, ...]] = (".json",)

    indicators: Literal["code", "name"] = Field(
        default="code", description="the labels under `series` are the service's codes, or its names"
    )


class NbsQueryLayout(AnswerLayout):
    """Answers of easyquery, the data portal of the National Bureau of Statistics until 2026.

    A code means different things in different databases, so its label is `<dbcode>/<code>`.
    """

    kind: Literal["nbs_query"]
    dbcode: Annotated[str, Field(pattern=r"^[a-z]{4,6}$")]
    ref_area: RefArea = Field(default="000000", description="where the answer names no area")


class NbsReleaseLayout(AnswerLayout):
    """Answers of the portal's interface since 2026 (`getEsDataByCidAndDt`)."""

    kind: Literal["nbs_release"]
    ref_area: RefArea = Field(default="000000", description="where no figure of an answer names an area")


class WorldBankLayout(AnswerLayout):
    """Answers of the World Bank's indicator interface, version 2."""

    kind: Literal["world_bank"]
    in_pages: bool = Field(
        default=False, description="an answer may be one of several pages, each a file; else it is refused"
    )

"""What one file may cost, each limit with its reason.

Who keeps them: `scan.py` before a file is read, the readers and `confined.py` meanwhile, `apart.py` from outside.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MIB = 1 << 20
GIB = 1 << 30
Count = Annotated[int, Field(ge=1)]
Memory = Annotated[int, Field(ge=256 * MIB)]


class Limits(BaseModel):
    """The limits of reading one file. A file beyond one of them is rejected whole, and the others go on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_bytes: Count = Field(
        default=256 * MIB,
        description="bytes of a file: a tidy text of three million observations",
    )
    memory: Memory = Field(
        default=384 * MIB,
        description="bytes of memory for the smallest file: the libraries and a million cells",
    )
    memory_per_byte: Annotated[int, Field(ge=0)] = Field(
        default=40,
        description="bytes of memory added per byte of the file: a filled cell takes some 200 in memory and 5 in a "
        "workbook; so a small file can never take much",
    )
    memory_at_most: Memory = Field(
        default=2 * GIB,
        description="bytes of memory however large the file: a refresh still fits on a machine of 4 GB",
    )
    seconds: Annotated[float, Field(gt=0, le=86_400)] = Field(
        default=120,
        description="seconds for a file: ten times what a workbook of ten million cells takes",
    )
    entries: Count = Field(
        default=10_000,
        description="entries in the archive of a workbook: sheets, drawings, pictures",
    )
    inflated_bytes: Count = Field(
        default=GIB,
        description="bytes of all entries together: the XML of twenty million cells",
    )
    ratio: Count = Field(
        default=200,
        description="how many times its size an entry inflates: XML of real tables 5 to 50 times, deflate can 1032",
    )
    ratio_from_bytes: Annotated[int, Field(ge=0)] = Field(
        default=50 * MIB,
        description="inflated bytes from which the ratio counts: sheets of blank styled cells reach it, and do no harm",
    )
    cells: Count = Field(
        default=30_000_000,
        description="cells of a sheet, counted and as the rectangle around them: 26 columns of full height",
    )
    columns: Count = Field(
        default=16_384,
        description="columns of a text file: the width of the widest spreadsheet",
    )
    line_bytes: Count = Field(
        default=16 * MIB,
        description="bytes of a line of text: a kilobyte in every column of the widest spreadsheet",
    )
    rejects: Count = Field(
        default=10_000,
        description="rejects listed of one file: the others are counted in one more",
    )
    output_bytes: Count = Field(
        default=GIB,
        description="bytes that the reader may hand back: five million observations",
    )

    def memory_for(self, file_bytes: int) -> int:
        """Bytes of memory that reading a file of that size may take."""
        return max(self.memory, min(self.memory + self.memory_per_byte * file_bytes, self.memory_at_most))

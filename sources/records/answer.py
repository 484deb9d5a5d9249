"""Which reader reads the answers of which service."""

from pathlib import Path

from sources.cell import Reading, Reject
from sources.declared.answer_layout import AnswerLayout, NbsQueryLayout, NbsReleaseLayout, WorldBankLayout
from sources.records.nbs_query import read_nbs_query
from sources.records.nbs_release import read_nbs_release
from sources.records.record import refused
from sources.records.world_bank import read_world_bank


def read_answer(path: Path, layout: AnswerLayout) -> Reading:
    """Reads an answer in JSON as its layout says."""
    match layout:
        case NbsQueryLayout():
            return read_nbs_query(path, layout)
        case NbsReleaseLayout():
            return read_nbs_release(path, layout)
        case WorldBankLayout():
            return read_world_bank(path, layout)
    return refused(Reject("file.unknown_type", text=type(layout).__name__))

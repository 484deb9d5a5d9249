"""Why a file is not read, found while it was looked through."""

from sources.cell import Reject


class RejectedError(Exception):
    """What was found in a file, while it was looked through, for which it is not read."""

    def __init__(self, reject: Reject) -> None:
        self.reject = reject
        super().__init__(reject)

"""Size and names of files."""

import re
from pathlib import Path

LINES = 250
LONGER_FOR_A_REASON: dict[str, str] = {}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


def test_a_file_is_shorter_than_250_lines(
    rooms: dict[str, list[Path]], models: dict[str, Path], checkout: Path
) -> None:
    macros = (checkout / "dbt_project" / "macros").glob("*.sql")
    files = [*(path for room in rooms.values() for path in room), *models.values(), *macros]
    lengths = {
        path.relative_to(checkout).as_posix(): len(path.read_text("utf-8").splitlines()) for path in files
    }
    longer = {path for path, lines in lengths.items() if lines >= LINES}
    assert longer == set(LONGER_FOR_A_REASON), {path: lengths[path] for path in longer}


def test_a_module_is_named_after_something_of_the_field(rooms: dict[str, list[Path]], checkout: Path) -> None:
    for path in (path for room in rooms.values() for path in room):
        for name in path.relative_to(checkout).with_suffix("").parts:
            # dbt imports and runs every top-level module whose name begins so.
            assert not name.startswith("dbt_"), path
            assert not NAMELESS & set(name.split("_")), path
            assert not re.search(r"(?:19|20)\d\d", name), path


def test_every_module_says_what_belongs_in_it(rooms: dict[str, list[Path]]) -> None:
    for path in (path for room in rooms.values() for path in room):
        text = path.read_text(encoding="utf-8").lstrip()
        assert not text or text.startswith(('"""', 'r"""')), path

"""The JSON writer: the canonical data of a report with the findings about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from reportgen.diagnostics import Diagnostic
from reportgen.findings_text import json_text, to_json_object

FINDINGS_KEY = "提示"


def write_json(
    data: Mapping[str, Any], findings: Sequence[Diagnostic], folder: Path, stream: BinaryIO
) -> None:
    """Write *data* and, under 提示, *findings* to *stream*, indented, in UTF-8.

    Files are named relative to the report *folder*, so that the same report gives the same bytes
    in any location.
    """
    told = [to_json_object(item) | _file_of(item, folder) for item in findings]
    stream.write(json_text({**data, FINDINGS_KEY: told}).encode() + b"\n")


def _file_of(item: Diagnostic, folder: Path) -> dict[str, object]:
    """Return the entry ``file``, relative to *folder*; outside of it the name without its path."""
    path = Path(item.path)
    if item.path and path.is_relative_to(folder):
        return {"file": path.relative_to(folder).as_posix()}
    return {"file": path.name} if path.is_absolute() else {}

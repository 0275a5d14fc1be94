"""The sample reports, built once a process and kept in memory."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from reportgen.api import build_folder
from reportgen.forms import shipped_library

SAMPLES = Path(__file__).parents[2] / "samples"
_BROKEN = "broken-"


def sample_names() -> list[str]:
    """Return the names of all samples."""
    return [path.parent.name for path in sorted(SAMPLES.glob("*/report.yaml"))]


def sound_samples() -> list[str]:
    """Return the names of the samples that ought to build."""
    return [name for name in sample_names() if not name.startswith(_BROKEN)]


@cache
def build_sample(name: str, kind: str = "pdf", *, draft: bool = False) -> bytes:
    """Return the file that sample *name* gives; AssertionError with the findings if none."""
    return build(SAMPLES / name, kind, draft=draft)


def build(folder: Path, kind: str = "pdf", *, draft: bool = False) -> bytes:
    """Return the file of *kind* that the report in *folder* gives.

    Templates in it count as the office's, so that they are no finding.
    """
    library = shipped_library().for_folder(folder)
    with TemporaryDirectory() as out:
        built = build_folder(folder, Path(out), formats=(kind,), draft=draft, library=library)
        assert built.written, [item.message for item in built.diagnostics]
        return built.written[0].path.read_bytes()

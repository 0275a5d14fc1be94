"""What the command line offers is what the pipeline can do.

The lists stand in the CLI itself, so that ``--help`` loads no writer.
"""

from pathlib import Path

from reportgen.api import build_folder
from reportgen.cli import OUTPUTS, PROFILES
from reportgen.writers import pdf

SAMPLE = Path(__file__).parents[2] / "samples" / "rare-characters-2024"


def test_every_pdf_profile_offered_is_one_the_writer_knows() -> None:
    assert PROFILES == pdf.PROFILES


def test_every_output_offered_can_be_written(tmp_path: Path) -> None:
    built = build_folder(SAMPLE, tmp_path, formats=OUTPUTS)
    assert [item.path.suffix for item in built.written] == [f".{kind}" for kind in OUTPUTS]

"""Make the hand-made sample of the writer's unit tests importable here."""

import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_TESTS / "unit" / "writers" / "pdf"))

"""``fonts/faces.yaml`` as a browser needs it: the families to try for each role."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from reportgen.located import load_data

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


def load_font_stacks(manifest: Path) -> dict[str, str]:
    """Return the value of CSS ``font-family`` for each role of *manifest*, best family first.

    KeyError when an entry is incomplete.
    """
    return {
        role: _stack(chain(spec["system"], spec["browser"]))
        for role, spec in load_data(manifest)["faces"].items()
    }


def _stack(families: Iterable[object]) -> str:
    names = dict.fromkeys(str(family) for family in families)
    return ",".join(name if _IDENTIFIER.fullmatch(name) else f'"{name}"' for name in names)

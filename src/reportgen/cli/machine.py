"""What commands take from the machine they run on: the user's cache, the system's fonts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.files import Cache


def user_cache() -> Cache:
    """Return the cache of the user who runs the command."""
    from platformdirs import user_cache_path

    from reportgen.files import Cache

    return Cache(user_cache_path("reportgen", appauthor=False))


def font_folders(wanted: bool) -> tuple[Path, ...]:
    """Return the folders of the system's fonts if they are *wanted*."""
    if not wanted:
        return ()
    from reportgen.files import system_font_folders

    return system_font_folders(os.environ, Path.home())

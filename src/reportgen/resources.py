"""Where the shipped templates and fonts lie: inside the wheel, or beside ``src`` in a checkout."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from reportgen.problems import EnvironmentProblem

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def resource_folder(name: str) -> Path:
    """Return the shipped folder *name* (``templates`` or ``fonts``).

    Raises EnvironmentProblem when the installation has lost it.
    """
    for candidate in (_PACKAGE / "data" / name, _CHECKOUT / name):
        if candidate.is_dir():
            return candidate
    raise EnvironmentProblem(f"安装不完整：缺少 {name} 目录", "请重新安装 reportgen")


def system_font_folders(
    environment: Mapping[str, str], home: Path, root: Path = Path("/")
) -> tuple[Path, ...]:
    """Return the folders in which the system keeps fonts, those that exist.

    On Windows they are named by *environment*; elsewhere they lie in *home* and below
    *root*, with one level of folders in them.
    """
    places = []
    if "LOCALAPPDATA" in environment:
        places.append(Path(environment["LOCALAPPDATA"], "Microsoft", "Windows", "Fonts"))
    if "WINDIR" in environment:
        places.append(Path(environment["WINDIR"], "Fonts"))
    if places:
        return tuple(place for place in places if place.is_dir())
    places = [home / ".local/share/fonts", home / ".fonts"]
    places += [root / "usr/local/share/fonts", root / "usr/share/fonts"]
    found = []
    for place in places:
        with contextlib.suppress(OSError):  # not there, or closed to us
            found += [place, *sorted(inner for inner in place.iterdir() if inner.is_dir())]
    return tuple(found)

"""Where the shipped templates and fonts lie: inside the wheel, or beside ``src`` in a checkout."""

from pathlib import Path

from reportgen.diagnostics import EnvironmentProblem

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

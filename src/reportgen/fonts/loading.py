"""The fonts that a report can be set in: shipped, of the user, of the system, of the extra package.

``fonts/faces.yaml`` names them (:mod:`reportgen.fonts.faces`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reportgen.files import added_folder, resource_folder
from reportgen.fonts.faces import ADDED, SCRIPT_ROLE, SYSTEM, USER, Face, FontSet, ScriptName
from reportgen.fonts.files import Found, known_files, list_fonts, weight_of
from reportgen.located import load_data
from reportgen.problems import EnvironmentProblem

_REGULAR = 400  # the weight of a regular font


def load_fonts(folders: Sequence[Path] = (), system: Sequence[Path] = ()) -> FontSet:
    """Return the shipped faces, preceded by the user's fonts found in *folders*.

    A user's font is used for a role if one of its family names is in the role's ``system``
    list in ``faces.yaml``.  If there is none, the *system* folders are searched for the role's
    ``files`` with such a name; other files in them are not looked at.
    Raises EnvironmentProblem if a shipped file is missing.
    """
    home = resource_folder("fonts")
    data = load_data(home / "faces.yaml")
    roles: dict[str, dict[str, Any]] = data["faces"]
    found = [entry for folder in folders for entry in list_fonts(folder)]
    faces = {
        role: [
            *(
                _user_faces(role, spec["system"], found, USER)
                or _user_faces(
                    role, spec["system"], known_files(spec.get("files") or (), system), SYSTEM
                )
            ),
            _shipped_face(home, role, spec),
        ]
        for role, spec in roles.items()
    }
    fallbacks = {role: spec.get("fallback") or () for role, spec in roles.items()}
    # An entry that names the role itself changes nothing.
    overrides = {
        char: {role: target for role, target in targets.items() if target != role}
        for char, targets in (data.get("characters") or {}).items()
    }
    named = {(face.path, face.index) for group in faces.values() for face in group}
    own = [entry for entry in found if (entry[0], entry[1]) not in named]
    scripts: dict[str, dict[str, Any]] = data.get("scripts") or {}
    files = [name for spec in scripts.values() for name in spec["files"]]
    extra = [*_extra_faces(own, USER), *_extra_faces(known_files(files, system), SYSTEM)]
    names = {
        key: ScriptName(spec["name"], spec["advised"], spec["letter"])
        for key, spec in scripts.items()
    }
    return FontSet(faces, fallbacks, overrides, extra, names, _added_faces(scripts))


def _added_faces(scripts: Mapping[str, Mapping[str, Any]]) -> dict[str, Face]:
    """Return the faces of the extra package that are there, by script."""
    places = {key: added_folder("fonts") / spec["file"] for key, spec in scripts.items()}
    return {
        key: Face(
            ADDED + key,
            SCRIPT_ROLE,
            scripts[key]["family"],
            path,
            sha256=scripts[key]["sha256"],
        )
        for key, path in places.items()
        if path.is_file()
    }


def _extra_faces(found: Iterable[Found], origin: str) -> list[Face]:
    """Return the fonts *found* that are named for no role, regular ones first."""
    faces = [
        Face(
            f"{origin}{path.name}#{index}",
            SCRIPT_ROLE,
            min(families, default=""),
            path,
            index=index,
        )
        for path, index, families in found
    ]
    return sorted(faces, key=lambda face: abs(_REGULAR - weight_of(face.hb_face)))


def _shipped_face(home: Path, role: str, spec: Mapping[str, Any]) -> Face:
    path = home / spec["file"]
    if not path.is_file():
        raise EnvironmentProblem(f"安装不完整：缺少字体文件 {path.name}", "请重新安装 reportgen")
    family, centre, sha256 = str(spec["family"]), spec.get("centre"), spec.get("sha256")
    return Face(role, role, family, path, centre=centre, sha256=sha256)


def _user_faces(role: str, names: Sequence[str], found: Sequence[Found], origin: str) -> list[Face]:
    """Return the first of the *found* fonts for *role* by the order of *names*; at most one."""
    for name in names:
        for path, index, families in found:
            if name in families:
                return [Face(f"{origin}{name}", role, name, path, index=index)]
    return []

"""Forms as ``make forms`` wrote them beside their templates: read without parsing any YAML.

``form.json`` holds a form as data, never code, and the SHA-256 of every file it was made
from.  It is used only while all of these are what they were, so a template that somebody
edits or overrides takes effect at once.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import MsgspecError, Struct

from reportgen.forms.form import Edition, Form, ReportKind

Sources: TypeAlias = tuple[tuple[str, str], ...]
"""The files a form is made of: the path of each below its templates folder, and its digest.

A path that occurs twice stands for files of two folders, both of which count.
"""


class CompiledForm(Struct, frozen=True):
    """A form, the kind of report it is of, and the files both were made from."""

    sources: Sources
    kind: ReportKind
    form: Form


class CompiledHead(Struct, frozen=True):
    """What of a :class:`CompiledForm` is read to find out which form a report follows."""

    sources: Sources
    kind: ReportKind
    form: Edition

    def is_made_from(self, name: str, path: Path) -> bool:
        """Return whether the file *name* it was made from is the one at *path*."""
        try:
            return (name, source_digest(path.read_bytes())) in self.sources
        except OSError:  # told by whoever reads it next
            return False


def source_digest(data: bytes) -> str:
    """Return the digest of a template file that holds *data*."""
    return hashlib.sha256(data).hexdigest()


def encode_compiled(form: Form, kind: ReportKind, sources: Sources) -> bytes:
    """Return the content of ``form.json``, one value a line.

    Raises ValueError when the form would come back as another one: JSON knows no dates.
    """
    data = msgspec.json.encode(CompiledForm(sources, kind, form))
    if msgspec.json.decode(data, type=CompiledForm).form != form:
        raise ValueError(f"{form.report}/{form.id} holds what JSON cannot hold")
    return msgspec.json.format(data, indent=1) + b"\n"


def read_compiled(path: Path, sources: Sources) -> Form | None:
    """Return the form in the file *path*; None when it was not made from *sources*.

    Also None when there is no such file, or one that another version of the program wrote.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=CompiledForm)
    except (OSError, MsgspecError):
        return None
    return found.form if found.sources == sources else None


def read_head(path: Path) -> CompiledHead | None:
    """Return the head of the compiled form in the file *path*, None when it cannot be used."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=CompiledHead)
    except (OSError, MsgspecError):
        return None

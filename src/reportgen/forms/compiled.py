"""Forms as ``make forms`` wrote them beside their templates: read without parsing any YAML.

``form.json`` holds a form as data, never code, and the SHA-256 of every file it was made
from.  It is used only while all of these are what they were, so a template that somebody
edits or overrides takes effect at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import MsgspecError, Struct

from reportgen.forms.form import Form

COMPILED_FILE = "form.json"


class CompiledForm(Struct, frozen=True):
    """A form, and the digest of each of its ``sources`` by path below the templates folder."""

    sources: Mapping[str, str]
    form: Form


def source_digest(data: bytes) -> str:
    """Return the digest of a template file that holds *data*."""
    return hashlib.sha256(data).hexdigest()


def encode_compiled(form: Form, sources: Mapping[str, str]) -> bytes:
    """Return the content of ``form.json``, one value a line.

    Raises ValueError when the form would come back as another one: JSON knows no dates.
    """
    data = msgspec.json.encode(CompiledForm(sources, form))
    if msgspec.json.decode(data, type=CompiledForm).form != form:
        raise ValueError(f"{form.report}/{form.id} holds what JSON cannot hold")
    return msgspec.json.format(data, indent=1) + b"\n"


def read_compiled(path: Path, sources: Mapping[str, str]) -> Form | None:
    """Return the form in the file *path*; None when it was not made from *sources*.

    Also None when there is no such file, or one that another version of the program wrote.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=CompiledForm)
    except (OSError, MsgspecError):
        return None
    return found.form if found.sources == sources else None

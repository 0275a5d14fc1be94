"""Write the compiled form of each shipped form: ``form.json`` beside its templates.

``python -m tools.compile_forms`` writes them; with ``--check`` nothing is written and the exit
code is 1 when one is not that of its templates.  ``reportgen.forms.library`` says what such a
file holds and when it is used.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from reportgen.files import resource_folder
from reportgen.forms.form import Form
from reportgen.forms.form_builder import read_form
from reportgen.forms.form_files import read_kind
from reportgen.forms.library import Library, encode_compiled
from reportgen.forms.rules import LazyPattern
from reportgen.forms.template_folders import COMPILED_FILE, REPORT_FILE
from tools.needed_words import needed_words


def with_words(value: Any) -> Any:
    """Return *value* with the needed words of every expression in it filled in."""
    if isinstance(value, LazyPattern):
        return replace(value, words=needed_words(value.text, value.flags))
    if isinstance(value, Struct):
        names = value.__struct_fields__
        return replace(value, **{name: with_words(getattr(value, name)) for name in names})
    if isinstance(value, tuple):
        return tuple(map(with_words, value))
    if isinstance(value, dict):
        return {key: with_words(item) for key, item in value.items()}
    return value


def compiled_form(library: Library, report: str, form: str) -> bytes:
    """Return the content of the compiled form, the same bytes on every run."""
    made: Form = with_words(read_form(library, report, form))
    kind = read_kind(library.roots[-1] / report / REPORT_FILE)
    return encode_compiled(made, kind, library.sources(report, form))


def compiled_forms(templates: Path) -> dict[Path, bytes]:
    """Return the compiled form of every form below *templates*, by where it belongs."""
    library = Library((templates,))
    return {
        templates / report / form / COMPILED_FILE: compiled_form(library, report, form)
        for report in library.report_kinds().values()
        for form in library.form_ids(report)
    }


def main(arguments: list[str]) -> int:
    """Write the compiled forms, or name those that are stale."""
    templates = resource_folder("templates")
    made = compiled_forms(templates)
    if "--check" not in arguments:
        for path, data in made.items():
            path.write_bytes(data)
        return 0
    stale = [path for path, data in made.items() if not path.is_file() or path.read_bytes() != data]
    for path in stale:
        name = path.relative_to(templates.parent).as_posix()
        sys.stderr.write(f"{name} is stale; run: make forms\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

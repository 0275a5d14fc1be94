"""Which typed section is which prescribed one."""

from __future__ import annotations

from msgspec import Struct

from reportgen.forms.form import Form, SectionSpec
from reportgen.forms.keys import normalise_key
from reportgen.model import Narrative, Section

OPENING = "opening"
"""The id of the text before the first heading, beside the ids of the form's sections."""


class SectionMatch(Struct, frozen=True):
    """The narrative's sections by prescribed id, and those that could not be placed."""

    found: dict[str, Section]
    unknown: tuple[Section, ...]
    repeated: tuple[Section, ...]


def match_sections(form: Form, narrative: Narrative) -> SectionMatch:
    """Return *narrative*'s sections matched with *form*'s by their wording.

    Of two sections with the same title the first counts.
    """
    found: dict[str, Section] = {}
    unknown: list[Section] = []
    repeated: list[Section] = []
    for section in narrative.sections:
        spec = find_section(form, section.title)
        if spec is None:
            unknown.append(section)
        elif spec.id in found:
            repeated.append(section)
        else:
            found[spec.id] = section
    return SectionMatch(found, tuple(unknown), tuple(repeated))


def find_section(form: Form, title: str) -> SectionSpec | None:
    """Return the prescribed section that accepts *title*, or None."""
    return form.section_names.get(normalise_key(title))

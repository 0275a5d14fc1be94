"""What the regulation prescribes: the forms (版式) in ``templates/`` as values.

Template files come in, and a :class:`Form` goes out: its tables resolved into cells, its
formulas bound to them, its rules, sections and looks.  What every reader and writer of
numbers shares lives here too: text to quantity and back, and a table found elsewhere
aligned with the form's own.
"""

from __future__ import annotations

from reportgen.forms.alignment import (
    Alignment,
    align_copies,
    missing_labels,
    pairs_in_order,
)
from reportgen.forms.canonical import OPENING_KEY, canonical_data, nested_numbers, section_text
from reportgen.forms.dates import parse_date
from reportgen.forms.departures import Departures, compare_forms
from reportgen.forms.form import (
    OPENING,
    Edition,
    Form,
    RetiredForm,
    SectionMatch,
    SectionSpec,
    complete_cells,
    find_section,
    match_sections,
)
from reportgen.forms.former import FormerCells, former_cells
from reportgen.forms.formula import PREVIOUS, Identity, Sum
from reportgen.forms.grid import (
    GridCell,
    KeyTree,
    TableGrid,
    TemplateError,
    ValueKind,
    ValueType,
    key_pattern,
    nearest_key,
    normalise_key,
)
from reportgen.forms.library import (
    HOW_CODES_LOOK,
    Library,
    all_forms,
    all_rules,
    find_rule,
    known_codes,
    nearest_rule,
    shipped_library,
)
from reportgen.forms.numbers import (
    UNITS,
    NotANumberError,
    Number,
    agrees,
    grouped_number,
    growth_rate,
    is_number_with_unit,
    not_a_number,
    parse_quantity,
    plain_number,
    read_quantity,
    rounded,
    share_rate,
    show_quantity,
    trimmed_number,
    whole_number,
)
from reportgen.forms.rules import (
    BoundIdentity,
    LazyPattern,
    Rule,
    RuleBook,
    TextPart,
    bounded_matching,
)
from reportgen.forms.sentences import BoundStatement, Sentences, Statement
from reportgen.forms.template_folders import SKELETON_FILE

__all__ = [
    "HOW_CODES_LOOK",
    "OPENING",
    "OPENING_KEY",
    "PREVIOUS",
    "SKELETON_FILE",
    "UNITS",
    "Alignment",
    "BoundIdentity",
    "BoundStatement",
    "Departures",
    "Edition",
    "Form",
    "FormerCells",
    "GridCell",
    "Identity",
    "KeyTree",
    "LazyPattern",
    "Library",
    "NotANumberError",
    "Number",
    "RetiredForm",
    "Rule",
    "RuleBook",
    "SectionMatch",
    "SectionSpec",
    "Sentences",
    "Statement",
    "Sum",
    "TableGrid",
    "TemplateError",
    "TextPart",
    "ValueKind",
    "ValueType",
    "agrees",
    "align_copies",
    "all_forms",
    "all_rules",
    "bounded_matching",
    "canonical_data",
    "compare_forms",
    "complete_cells",
    "find_rule",
    "find_section",
    "former_cells",
    "grouped_number",
    "growth_rate",
    "is_number_with_unit",
    "key_pattern",
    "known_codes",
    "match_sections",
    "missing_labels",
    "nearest_key",
    "nearest_rule",
    "nested_numbers",
    "normalise_key",
    "not_a_number",
    "pairs_in_order",
    "parse_date",
    "parse_quantity",
    "plain_number",
    "read_quantity",
    "rounded",
    "section_text",
    "share_rate",
    "shipped_library",
    "show_quantity",
    "trimmed_number",
    "whole_number",
]

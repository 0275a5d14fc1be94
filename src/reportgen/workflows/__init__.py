"""What a command does beyond check and build, where it is a thin composition of the stages."""

from __future__ import annotations

from reportgen.workflows.aggregating import Aggregated, aggregate_sources
from reportgen.workflows.doctor import examine
from reportgen.workflows.explain import explain_rule, list_editions
from reportgen.workflows.importing import import_report
from reportgen.workflows.new import Created, create_folder

__all__ = [
    "Aggregated",
    "Created",
    "aggregate_sources",
    "create_folder",
    "examine",
    "explain_rule",
    "import_report",
    "list_editions",
]

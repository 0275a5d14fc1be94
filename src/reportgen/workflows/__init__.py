"""What a command does beyond check and build, where it is a thin composition of the stages.

A folder, a file or a code comes in; a new report folder, a finding or lines of text go out.
"""

from __future__ import annotations

from reportgen.workflows.about import examine, explain_rule, list_editions
from reportgen.workflows.aggregating import Aggregated, aggregate_sources
from reportgen.workflows.importing import import_report
from reportgen.workflows.manual import manual_page, manual_topics
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
    "manual_page",
    "manual_topics",
]

"""What a command does beyond check and build, where it is a thin composition of the stages."""

from __future__ import annotations

from reportgen.workflows.doctor import examine
from reportgen.workflows.explain import explain_rule, list_editions, manual_page, manual_topics
from reportgen.workflows.importing import import_report
from reportgen.workflows.new import Created, create_folder
from reportgen.workflows.summing import check_sum_folder, write_sum_folder

__all__ = [
    "Created",
    "check_sum_folder",
    "create_folder",
    "examine",
    "explain_rule",
    "import_report",
    "list_editions",
    "manual_page",
    "manual_topics",
    "write_sum_folder",
]

"""Building many report folders in one run.

A folder of units goes in: each report folder below it is checked and built in a worker process,
and a failing report does not stop the others.  Out come the finished files, a summary of all
units (``汇总结果``), and on request the files in one folder and a reply sheet for each unit.
"""

from __future__ import annotations

from reportgen.batch.plan import Plan, is_left_out, plan_batch, remarks_about
from reportgen.batch.replies import collect_files, not_written, write_replies
from reportgen.batch.summary import summary_lines, summary_objects, write_summary
from reportgen.batch.unit import Outcome, broken, build_unit

__all__ = [
    "Outcome",
    "Plan",
    "broken",
    "build_unit",
    "collect_files",
    "is_left_out",
    "not_written",
    "plan_batch",
    "remarks_about",
    "summary_lines",
    "summary_objects",
    "write_replies",
    "write_summary",
]

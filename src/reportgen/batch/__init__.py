"""Building many report folders in one run.

Each report folder below a root folder is checked and built in a worker process.  A failing
report does not stop the others.  A summary of all reports is written at the end.
"""

from __future__ import annotations

from reportgen.batch.batch import (
    AHEAD,
    Plan,
    interruptible,
    open_pool,
    plan_batch,
    run_batch,
    run_jobs,
    usable_cores,
)
from reportgen.batch.remarks import is_left_out, remarks_about
from reportgen.batch.replies import collect_files, not_written, write_replies
from reportgen.batch.summary import (
    Progress,
    remark_line,
    summary_lines,
    summary_objects,
    write_summary,
)
from reportgen.batch.unit import Outcome

__all__ = [
    "AHEAD",
    "Outcome",
    "Plan",
    "Progress",
    "collect_files",
    "interruptible",
    "is_left_out",
    "not_written",
    "open_pool",
    "plan_batch",
    "remark_line",
    "remarks_about",
    "run_batch",
    "run_jobs",
    "summary_lines",
    "summary_objects",
    "usable_cores",
    "write_replies",
    "write_summary",
]

"""Building many report folders in one run.

Each report folder below a root folder is checked and built in a worker process.  A failing
report does not stop the others.  A summary of all reports is written at the end.
"""

from __future__ import annotations

from reportgen.batch.batch import (
    AHEAD,
    find_units,
    interruptible,
    open_pool,
    run_batch,
    usable_cores,
)
from reportgen.batch.summary import Progress, summary_lines, summary_objects, write_summary
from reportgen.batch.unit import Outcome

__all__ = [
    "AHEAD",
    "Outcome",
    "Progress",
    "find_units",
    "interruptible",
    "open_pool",
    "run_batch",
    "summary_lines",
    "summary_objects",
    "usable_cores",
    "write_summary",
]

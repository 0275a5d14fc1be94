"""Many report folders built in one run.

A folder of folders comes in; each is checked and built in a worker process, one failing unit
stops no other, and a summary of all goes out.
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

"""``python reading.py FOLDER``: read each finished file in FOLDER, print milliseconds as JSON.

A file is read as ``reportgen check FILE`` reads it; the median of several times, CPU time.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

from reportgen import read_published

TIMES = 7


def main(folder: Path) -> None:
    """Print what each kind of file costs to read and check."""
    costs = {}
    for path in sorted(path for path in folder.iterdir() if path.name[0] != "."):
        spent = []
        for _ in range(TIMES):
            start = time.process_time()
            read_published(path, check=True)
            spent.append(time.process_time() - start)
        costs[path.suffix.lstrip(".")] = round(1000 * median(spent), 1)
    print(json.dumps(costs))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""``python -m benchmarks``: prepare, measure in turn, write JSON and a table to ``build/bench``."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import page
import rounds
from common import HERE, WORK
from measure import OUT

PEERS = ("typst", "weasyprint", "reportlab", "docxtpl", "python-docx", "pillow", "uharfbuzz")
FAST_GROWTH = ("reportgen pdf", "typst")
ALL_GROWTH = (*FAST_GROWTH, "weasyprint", "reportlab")


def options() -> argparse.Namespace:
    """Return the options of the command."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of cold processes")
    parser.add_argument("--long", action="store_true", help="more rounds, growth of every peer")
    parser.add_argument("--write", action="store_true", help="also write benchmarks/RESULTS.md")
    chosen = parser.parse_args()
    if chosen.long:
        chosen.rounds = max(chosen.rounds, 15)
    return chosen


def machine(load_before: float) -> dict[str, Any]:
    """Return what the results depend on; no name of the machine."""
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = platform.system()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "cpu": _processor(),
        "system": system,
        "python": platform.python_version(),
        "versions": ", ".join(f"{name} {metadata.version(name)}" for name in PEERS),
        "load_before": f"{load_before:.1f}",
        "load_after": f"{os.getloadavg()[0]:.1f}",
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def main() -> None:
    """Run the benchmark."""
    chosen = options()
    load = os.getloadavg()[0]
    rounds.say("preparing pictures, report folders and the peers' content")
    subprocess.run([sys.executable, str(HERE / "prepare.py")], check=True)
    OUT.mkdir(parents=True, exist_ok=True)
    slow = chosen.rounds if chosen.long else min(2, chosen.rounds)
    results: dict[str, Any] = {
        "rounds": chosen.rounds,
        "cold": rounds.cold_rounds(chosen.rounds, slow),
        "warm": rounds.warm_rounds(5 if chosen.long else 2, 10, 10 if chosen.long else 3),
        "batch": rounds.batch_command(10),
        "reading": rounds.reading(),
        "growth": rounds.growth(
            3 if chosen.long else 5, ALL_GROWTH if chosen.long else FAST_GROWTH
        ),
    }
    results["machine"] = machine(load)
    text = page.render(results)
    aims = [
        "| aim | measured | target | met |",
        "| --- | ---: | ---: | --- |",
        *page.targets(results),
    ]
    text += "\n## The aims of the project\n\n" + "\n".join(aims) + "\n"
    (WORK / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    (WORK / "results.md").write_text(text, encoding="utf-8")
    if chosen.write:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

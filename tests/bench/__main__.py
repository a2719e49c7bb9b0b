"""`./dev bench`: the budgets of this product, measured once, printed as JSON with raw samples.

Nothing is run again to look better. `--only NAME` measures one part. Exit code 1 when a figure is
over its budget.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import (
    cold,
    control,
    door,
    finding,
    frames,
    lighthouse,
    rpc,
    rush,
    screens,
    stack,
    talk,
    threads,
)
from tests.fixtures.run import ROOT, Run

# name → (what is measured on a running stack, budgets: figure → the most it may be)
PARTS: dict[str, tuple[Callable[[Run], Any], dict[str, float]]] = {
    "start": (stack.start_seconds, {"seconds": 3.0}),
    "memory": (stack.idle_memory, {"pss_mb": 260.0}),
    "rpc": (
        lambda run: asyncio.run(rpc.calls(run)),
        {"gateway_cpu_ms": 1.0, "p50_ms": 2.5},
    ),
    "thread": (
        threads.long_thread,
        {
            "open_p99_ms": 5.0,
            "open_logged_p99_ms": 5.0,
            "older_p99_ms": 5.0,
            "list_p99_ms": 5.0,
            "unread_p99_ms": 5.0,
            "send_p99_ms": 5.0,
            "whole_table_reads": 0,
        },
    ),
    "finding": (finding.ways, {"open_cpu_ms": 250.0, "open_database_ms": 750.0}),
    "talk": (
        talk.talk,
        {"p99_ms": 100.0, "lost": 0, "doubled": 0, "disordered": 0},
    ),
    "pages": (
        door.page_weights,
        {
            "heaviest_bytes": 30_000,
            "locked_bytes": 30_000,
            "help_bytes": 15_000,
            "help_scripts": 0,
        },
    ),
    "door": (door.usable, {"slowest_ms": 1_500, "throttle_misses": 0}),
    # First among those that fill the memory of the app: what is free again is used again.
    "idle": (screens.idle, {"kb_a_session": 200.0, "left_share": 0.2}),
    "tap": (screens.tap, {"cpu_ms": 1.0, "bytes": 150}),
    "change": (screens.change, {"cpu_ms": 15.0, "bytes": 4_096}),
    "nicegui": (control.nicegui, {}),
    "storm": (rush.storm, {"seconds": 10.0}),
    "sessions": (rush.sessions, {"missing": 0, "lost": 0}),
    "cold": (
        cold.transfers,
        {
            "lean_cold": 3_600_000,
            "lean_cold_requests": 16,
            "lean_share": 0.25,
            "lean_warm": 10_000,
            "canvaskit_cold": 4_400_000,
            "canvaskit_share": 0.25,
            "canvaskit_warm": 10_000,
        },
    ),
    "frames": (
        frames.first_frames,
        {
            "words_ms": 2_500,
            "slow_lean_ms": 21_000,
            "fair_lean_ms": 6_500,
            "warm_lean_ms": 3_000,
            "warm_canvaskit_ms": 7_000,
            "form_warmed_ms": 4_000,
            "form_warming_to_alone": 1.05,
            "throttle_misses": 0,
        },
    ),
    "lighthouse": (lighthouse.points, {"accessibility_lost": 5, "best_practices_lost": 5}),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev bench")
    parser.add_argument("--only", choices=tuple(PARTS))
    only = parser.parse_args().only
    report: dict[str, Any] = {"commit": _commit(), "load": os.getloadavg(), "parts": {}}
    over = []
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "data")
        # As short as it can be, so that what stays of those who left need not be waited for.
        run.environment["HANDRAIL_SESSION_MINUTES"] = "1"
        try:
            for name, (measure, budgets) in PARTS.items():
                if only not in (None, name) and name != "start":
                    continue
                figures = measure(run)
                report["parts"][name] = {**figures, "budgets": budgets}
                over += [f"{name}.{each}" for each, most in budgets.items() if figures[each] > most]
        finally:
            run.destroy()
    report["over_budget"] = over
    json.dump(report, sys.stdout, indent=1)
    print()
    return 1 if over else 0


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

"""`python -m fuzz [--seconds N] [--out DIR] [TARGET…]`: each target in a process of its own, then what was found."""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
from pathlib import Path

_READERS = {"mail": 6, "body": 5, "page": 4, "report": 1, "absence": 1, "sheet": 1, "members": 2, "import": 1}
SHARES = {**_READERS, "token": 1, "headers": 2, "configuration": 2}
"""How the time is divided."""


def main() -> int:
    """Exit code 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", default=list(SHARES), metavar="TARGET", help=" ".join(SHARES))
    parser.add_argument("--seconds", type=int, default=260, help="processor time of all targets together")
    parser.add_argument("--out", type=Path, default=Path("fuzz-out"))
    options = parser.parse_args()
    whole = sum(SHARES[name] for name in options.targets)
    return max([_fuzz(name, max(5, options.seconds * SHARES[name] // whole), options.out) for name in options.targets])


def _fuzz(name: str, seconds: int, out: Path) -> int:
    (out / name).mkdir(parents=True, exist_ok=True)
    log = out / name / "log"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with log.open("wb") as output:
        code = subprocess.call([sys.executable, "-m", "fuzz.one", name, str(seconds), str(out)], stdout=output, stderr=output)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    text = log.read_text(encoding="utf-8", errors="replace")
    runs = re.search(r"number_of_executed_units: (\d+)", text)
    covered = re.findall(r"cov: (\d+) ft: (\d+)", text)
    edges, features = covered[-1] if covered else ("?", "?")
    print(
        f"{name:14} {used:6.0f} s of processor time, {runs[1] if runs else '?':>8} inputs, {edges:>6} edges, {features:>6} features, "
        f"{'nothing found' if code == 0 else f'FOUND something, see {log}'}",
        flush=True,
    )
    return int(code != 0)


if __name__ == "__main__":
    sys.exit(main())

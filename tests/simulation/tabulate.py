"""The planted defects, and which seed found each: the table of docs/simulation.md.

python -m tests.simulation.tabulate [NAME …]: some minutes; ends with 1 where a defect was not found.
"""

from __future__ import annotations

import sys
import time

import pytest

from tests.simulation.defects import DEFECTS
from tests.simulation.test_defects import find_defect


def main(names: list[str]) -> int:
    """The command."""
    missed = 0
    sys.stdout.write("| planted defect | what it is | found by | at seed | seconds |\n|---|---|---|---|---|\n")
    for name in names or DEFECTS:
        plant, expected = DEFECTS[name]
        begun = time.monotonic()
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            seed = find_defect(expected)
        missed += not seed
        found = str(seed) if seed else "**not found**"
        sys.stdout.write(f"| {name} | {(plant.__doc__ or '').strip()} | {expected} | {found} | {time.monotonic() - begun:.0f} |\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

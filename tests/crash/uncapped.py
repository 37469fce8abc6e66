"""The program with one limit lifted, that of 60 automatic answers an hour to all: `python -m tests.crash.uncapped ARGUMENTS`.

Thousands of acknowledgements would take a week of it otherwise; everything else is as it is.
"""

from __future__ import annotations

from reminder.cli.main import main
from reminder.flows import acknowledge

if __name__ == "__main__":
    acknowledge.IN_ALL_PER_HOUR = 1_000_000
    main()

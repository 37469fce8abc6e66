"""`python -m reminder` is `reminder`."""

from reminder.cli.main import main

main()

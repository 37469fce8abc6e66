"""Network and disk: thin and replaceable, no decisions."""

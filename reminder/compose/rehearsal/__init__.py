"""A rehearsed year to look at: every mail on a time line, one row a party."""

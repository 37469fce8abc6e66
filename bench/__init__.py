"""What is measured, on what, beside what: each step as a ratio to the bare loop that does only the unavoidable work."""

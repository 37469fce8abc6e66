"""The running order of a meeting for the coordinator: as a page of its own, and as a calendar file."""

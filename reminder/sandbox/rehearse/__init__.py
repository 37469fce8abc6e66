"""A rehearsal for people: the admin's own configuration, a year at high speed, parties who answer as their character has it."""

"""The deterministic simulation: the same flows as in the service, on a virtual clock, in a world that breaks by seed."""

"""The town of the flows, for faults that are shown on it."""

from tests.flows.conftest import town

__all__ = ["town"]

"""Processes for the tests that need real ones: forked from a clean server that has imported what they run."""

from __future__ import annotations

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.store.crasher", "tests.store.claimer"])

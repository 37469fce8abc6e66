"""Fuzzes one target in this process with atheris; ends with the process, as libFuzzer does."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import atheris

from fuzz.target import Target

with atheris.instrument_imports(include=["reminder"]):
    from fuzz.files import FILES
    from fuzz.mails import MAILS, raise_faults

TARGETS: dict[str, Target] = {**MAILS, **FILES}


def fuzz(name: str, seconds: int, folder: Path) -> None:
    """Keeps the inputs that reached something new in `folder/NAME/corpus`, and a finding in `folder/NAME/crash-…`.

    Ends after so many seconds of processor time, which are the same on a busy machine.
    """
    target = TARGETS[name]
    corpus = folder / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number:04}").write_bytes(seed)
    limits = [f"-max_len={target.max_len}", "-timeout=300", "-rss_limit_mb=2048", "-print_final_stats=1"]
    raise_faults()
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder / name}/", str(corpus)], _limited(target.run, seconds))
    atheris.Fuzz()


def _limited(run: Callable[[bytes], object], seconds: int) -> Callable[[bytes], None]:
    """`run`, whose inputs take at most 10 s of processor time each, as in the service; at the end libFuzzer is told to finish."""

    until = time.process_time() + seconds

    def once(data: bytes) -> None:
        started = time.process_time()
        run(data)
        ended = time.process_time()
        assert ended - started < 10.0, f"reading it took {ended - started:.1f} s"
        if ended > until:
            os.kill(os.getpid(), signal.SIGUSR1)

    return once


if __name__ == "__main__":
    fuzz(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))

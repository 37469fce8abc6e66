"""A mailbox with 50,000 old mails at the first start, on a real Dovecot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminder.edges.clock import SystemClock
from reminder.store.engine import Store
from tests.real_parts import Dovecot, dovecot

MAILS, NEWER = 50_000, 3_000
BODY = b"From: old%d@elsewhere.example\r\nSubject: old %d\r\nMessage-ID: <%d.old@elsewhere.example>\r\n\r\nOld.\r\n"


def fill(server: Dovecot, newest: datetime) -> None:
    """One mail an hour, the last `NEWER` of them in the last days."""
    with server.client():
        pass
    status = server.maildir.stat()
    for number in range(MAILS):
        path = server.maildir / "new" / f"{number:06}.M1.old"
        path.write_bytes(BODY % (number, number, number))
        at = newest - (timedelta(minutes=1) if MAILS - number <= NEWER else timedelta(days=30)) * (1 + (MAILS - number) / MAILS)
        os.utime(path, (at.timestamp(), at.timestamp()))
        if os.geteuid() == 0:
            os.chown(path, status.st_uid, status.st_gid)


def first_poll(server: Dovecot, database: Path, day: datetime) -> dict[str, float]:
    """The figures of a first poll."""
    command = [sys.executable, "-m", "tests.faults.first_poll", str(database), str(server.imap_port), server.user, server.password]
    done = subprocess.run([*command, f"{day:%Y-%m-%d}"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.fault("M14")
def test_fifty_thousand_old_mails_are_left_alone_in_bounded_memory(tmp_path: Path) -> None:
    """The newer ones are taken in, in parts; the memory is that of an empty mailbox and little more; the second poll finds nothing new."""
    for name in ("empty.db", "full.db"):
        store = Store.open(f"sqlite:///{tmp_path / name}")
        store.migrate()
        store.close()
    now = SystemClock().now().astimezone(UTC)
    with dovecot() as server:
        empty = first_poll(server, tmp_path / "empty.db", now)
        fill(server, now)
        full = first_poll(server, tmp_path / "full.db", now - timedelta(days=10))
        again = first_poll(server, tmp_path / "full.db", now - timedelta(days=10))

    sys.stderr.write(f"{empty} {full} {again}\n")
    assert (empty["captured"], full["captured"], again["captured"]) == (0, NEWER, 0)
    assert full["megabytes"] - empty["megabytes"] < 100

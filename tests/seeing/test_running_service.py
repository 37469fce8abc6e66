"""The real service as a process: its files are edited, broken and mended while it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from reminder.edges.clock import FileClock, SystemClock, write_clock
from reminder.flows.taking_up import Condition, load_condition
from reminder.parse.message import read_mail
from reminder.sandbox.demo import ADDRESS, environment
from reminder.sandbox.servers import MailWorld
from reminder.store import control
from reminder.store.engine import Store
from tests.seeing.midround import local
from tests.unasked import copy_unasked

PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A service that runs, with its files, its database and its mail servers."""

    config: Path
    store: Store
    world: MailWorld
    process: subprocess.Popen[bytes]
    log: Path

    def edit(self, old: str, new: str) -> None:
        """Saves schedule.yaml with another text."""
        path = self.config / "schedule.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def condition(self) -> Condition:
        """How it stands with the files."""
        with self.store.read() as conn:
            return load_condition(conn)

    def alerts(self) -> list[str]:
        """The alerts that went out."""
        mails = [read_mail(mail.raw) for mail in self.world.sent]
        return [mail.subject for mail in mails if mail.headers.text("x-reminder-kind").strip() == "alert"]

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Returns when it is so; fails with the log where the service has ended or patience is over."""
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            SystemClock().sleep(0.1)


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """The example city on 24.2.2025, armed, its service started."""
    config, clock_path = folder / "config", folder / "clock.json"
    copy_unasked(config)
    write_clock(clock_path, local("2025-02-13 12:00"), 0.0)
    with MailWorld(own_address=ADDRESS, clock=FileClock(clock_path)) as world:
        env = {**os.environ, **environment(world, folder), "REMINDER_CLOCK": str(clock_path), "REMINDER_LOG": "json"}
        store = Store.open(env["REMINDER_DATABASE_URL"])
        store.migrate()
        with store.begin() as conn:
            control.arm(conn, local("2025-02-13 12:00"))
        log = folder / "log.txt"
        with log.open("wb") as stream:
            command = [sys.executable, "-m", "reminder", "--config", str(config), "run"]
            process = subprocess.Popen(command, env=env, stderr=stream, stdout=stream)
        try:
            yield Running(config=config, store=store, world=world, process=process, log=log)
        finally:
            process.kill()
            process.wait()
            store.close()


@pytest.mark.fault("G1")
@pytest.mark.slow
def test_edited_broken_and_mended_while_it_runs(tmp_path: Path) -> None:
    """An edit is taken up and told in words, a broken one is not and is mailed once, a mended one is taken up; then it ends cleanly."""
    with running(tmp_path) as service:
        service.wait(lambda: service.condition().version != "")
        first = service.condition().version

        service.edit("due - 2 working days", "due - 1 working day")
        service.wait(lambda: service.condition().version not in {"", first})
        second = service.condition()
        assert second.last_change is not None
        assert second.last_change["en"] == "16 reminders move; nothing already sent is affected."

        service.edit("    reminders:", "    remainders:")
        service.wait(lambda: len(service.alerts()) == 1)
        service.edit("rounds:\n", "# a line\nrounds:\n")
        fault = service.condition().fault
        assert fault is not None
        assert "Did you mean `reminders`?" in fault.findings[0]
        assert service.condition().version == second.version

        service.edit("    remainders:", "    reminders:")
        service.wait(lambda: service.condition().fault is None)
        service.wait(lambda: service.condition().version != second.version)
        assert len(service.alerts()) == 1

        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(30) == 0

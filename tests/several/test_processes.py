"""Real services on one PostgreSQL database: one is frozen, the server is ended under them, a newer program migrates meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import reminder
from reminder.domain.messages import OutboxState
from reminder.errors import EXIT_FAILED
from reminder.store.engine import Store, newest_revision
from tests.several.crew import REAL, Crew, open_crew
from tests.store.cluster import Cluster, find_binaries, open_cluster

pytestmark = [pytest.mark.real, pytest.mark.slow]

NEXT_VERSION = '''"""What the next program would bring along."""

from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{newest}"
branch_labels = depends_on = None


def upgrade() -> None:
    """One more column."""
    op.add_column("message", sa.Column("of_the_next_version", sa.Integer(), nullable=True))
'''


@pytest.fixture
def crew(tmp_path: Path, url: str) -> Iterator[Crew]:
    """Sixteen mails are due."""
    with open_crew(tmp_path, url, parties=16) as opened:
        yield opened


@pytest.mark.fault("D12")
def test_a_service_that_slept_through_its_lease_cannot_write_its_result(crew: Crew) -> None:
    """SIGSTOP between the dot and its answer; another sends the rest, and after the grace that mail. SIGCONT: refused by its epoch."""
    frozen = crew.start(sink_seconds=2.0)
    crew.wait(lambda: bool(crew.copies()) and bool(crew.at_the_dot()))
    frozen.process.send_signal(signal.SIGSTOP)
    (mail,) = crew.at_the_dot()
    before = crew.copies()
    other = crew.start()
    crew.settle()
    assert set(crew.states()) == {OutboxState.ACCEPTED}
    settled = crew.copies()
    frozen.process.send_signal(signal.SIGCONT)
    crew.wait(lambda: "the result came too late" in frozen.said)
    REAL.sleep(2)

    assert mail in next(line for line in frozen.said.splitlines() if "the result came too late" in line)
    assert frozen.lives
    assert other.lives
    assert crew.copies() == settled
    assert set(crew.states()) == {OutboxState.ACCEPTED}
    assert len(settled) == len({identity for identity, _ in settled}) == crew.mails
    twice = {key for key, count in settled.items() if count > 1}
    assert settled.total() == crew.mails + 1
    assert twice <= before.keys()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server that may be ended."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("REMINDER_REQUIRE_REAL") == "1":
            pytest.fail("PostgreSQL is not installed, and REMINDER_REQUIRE_REAL is 1")
        pytest.skip("PostgreSQL is not installed")
    with open_cluster(binaries) as opened:
        yield opened


@pytest.mark.fault("D10", "D11", "D3")
def test_services_whose_database_server_is_ended_go_on_by_themselves(tmp_path: Path, cluster: Cluster) -> None:
    """`pg_ctl -m immediate` twice in the middle of sending, the second time for longer than a transaction is tried again: nothing is
    lost, and nothing doubled, since what the relay has said is kept until it can be written."""
    engine = create_engine(cluster.url.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE crew"))
    engine.dispose()
    url = cluster.url.format("crew")
    store = Store.open(url)
    store.migrate()
    store.close()
    with open_crew(tmp_path, url, parties=40) as crew:
        for _ in range(2):
            crew.start(sink_seconds=0.3, REMINDER_SMTP_CONNECTIONS="2")
        for taken, seconds in ((6, 0.0), (18, 8.0)):
            crew.wait(partial(_has_taken, crew, taken))
            cluster.stop()
            REAL.sleep(seconds)
            cluster.start()
        crew.settle()

        assert [worker.process.poll() for worker in crew.workers] == [None, None]
        assert crew.states() == {OutboxState.ACCEPTED: 40}
        assert (len(crew.copies()), crew.copies().total()) == (40, 40)
        assert any("a result that was kept is written" in worker.said for worker in crew.workers)


def _has_taken(crew: Crew, count: int) -> bool:
    return crew.copies().total() >= count


@pytest.mark.fault("G7")
def test_a_newer_program_migrates_while_the_old_one_works(crew: Crew, tmp_path: Path) -> None:
    """A rolling update: the old services end with one sentence and exit code 1, the new one finishes; a late start of the old one is
    refused. Nothing is lost or doubled."""
    newer = _make_next_version(tmp_path / "newer")
    old = [crew.start(sink_seconds=1.0) for _ in range(2)]
    crew.wait(partial(_has_taken, crew, 2))
    migrated = crew.run("migrate", root=newer)
    codes = [worker.process.wait(60) for worker in old]
    late = crew.run("run")
    crew.start(root=newer)
    crew.settle()

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert codes == [EXIT_FAILED, EXIT_FAILED]
    for told in (*(worker.said for worker in old), late.stderr):
        assert "The database is newer than the program" in " ".join(told.split())
        assert "Install the newer program" in " ".join(told.split())
    assert late.returncode == EXIT_FAILED
    assert crew.states() == {OutboxState.ACCEPTED: crew.mails}
    assert (len(crew.copies()), crew.copies().total()) == (crew.mails, crew.mails)


def _make_next_version(root: Path) -> Path:
    """A checkout of the program with one more migration."""
    here = Path(reminder.__file__).parent
    shutil.copytree(here, root / "reminder", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("templates", "config"):
        (root / name).symlink_to(here.parent / name)
    version = root / "reminder" / "store" / "migrations" / "versions" / "r9999_next.py"
    version.write_text(NEXT_VERSION.format(newest=newest_revision()), encoding="utf-8")
    return root


@pytest.mark.fault("K17")
def test_a_service_of_four_lanes_that_is_told_to_end_gives_back_what_it_had_not_begun(crew: Crew) -> None:
    """Its relay hangs at the dot of four mails: gone in time, those four unknown, the others free at once for the next service."""
    ending = crew.start(sink_seconds=60.0, REMINDER_SMTP_CONNECTIONS="4")
    crew.wait(lambda: crew.copies().total() == 4 and len(crew.at_the_dot()) == 4)
    ending.process.send_signal(signal.SIGTERM)
    code = ending.process.wait(30)

    assert code == 0
    assert crew.states() == {OutboxState.UNKNOWN: 4, OutboxState.QUEUED: crew.mails - 4}
    crew.start()
    crew.wait(lambda: crew.states() == {OutboxState.UNKNOWN: 4, OutboxState.ACCEPTED: crew.mails - 4})
    crew.advance(timedelta(minutes=31))
    crew.settle()
    assert crew.copies().total() == crew.mails + 4
    assert len(crew.copies()) == crew.mails

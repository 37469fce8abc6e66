"""The database's own file: gone, replaced, a link, read-only or damaged, it is found before anything is done by it."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from reminder.domain.rounds import StepKind
from reminder.errors import StoreFailure
from reminder.flows.tick import tick
from reminder.store import backup, control
from reminder.store.engine import Store
from tests.flows.town import Town, new_database, templates

NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
IS_ROOT = os.geteuid() == 0


def path_of(store: Store) -> Path:
    """The file."""
    assert store.path is not None
    return store.path


@pytest.mark.fault("D7")
def test_a_deleted_database_stops_everything_and_no_empty_one_is_made(town: Town) -> None:
    """The next transaction is refused, before any mail: SQLite alone would write on into the file without a name."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    path_of(town.house.store).unlink()

    with pytest.raises(StoreFailure, match="deleted or moved away"):
        tick(town.house, templates())
    with pytest.raises(StoreFailure, match="deleted or moved away"), town.house.store.read():
        pass

    assert town.sent() == []
    assert not path_of(town.house.store).exists()


@pytest.mark.fault("D7")
def test_a_database_that_is_replaced_sends_nothing(town: Town, database: Path, tmp_path: Path) -> None:
    """Another file under the same name, armed and with all its mails still to send, is not taken for ours."""
    store = town.house.store
    town.arm()
    town.move_to(StepKind.REQUEST)
    (tmp_path / "other").mkdir()
    other = new_database(database, tmp_path / "other")
    with other.begin() as conn:
        control.arm(conn, town.clock.now())
    other.close()
    shutil.move(path_of(other), path_of(store))

    with pytest.raises(StoreFailure, match="Another file was put in the place") as caught:
        tick(town.house, templates())

    assert "reminder restore" in caught.value.advice
    assert town.sent() == []


@pytest.mark.fault("D7")
def test_closed_and_opened_again_it_may_be_another(database: Path, tmp_path: Path) -> None:
    """What was opened first counts as long as a connection is open."""
    store = new_database(database, tmp_path)
    with store.read():
        pass
    store.close()
    Path(shutil.copy(path_of(store), tmp_path / "copy")).replace(path_of(store))

    store.check_schema()


@pytest.mark.fault("A13")
@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal", ".lock", ".last-backup"])
def test_a_link_that_is_planted_beside_the_database_is_not_followed(database: Path, tmp_path: Path, ending: str) -> None:
    """It would have us write, or empty, a file of somebody else."""
    store = new_database(database, tmp_path)
    victim = tmp_path / "victim"
    victim.write_bytes(database.read_bytes())
    planted = path_of(store).with_name(path_of(store).name + ending)
    planted.unlink(missing_ok=True)
    planted.symlink_to(victim)

    with pytest.raises(StoreFailure, match="symbolic link"), store.begin():
        pass
    if ending == ".lock":
        with pytest.raises(StoreFailure, match="cannot be opened"), store.lock_service():
            pass

    assert victim.read_bytes() == database.read_bytes()


@pytest.mark.fault("D4")
@pytest.mark.skipif(not IS_ROOT, reason="only root may mount a folder read-only")
def test_a_disk_that_turns_read_only_stops_before_anything_is_sent(town: Town) -> None:
    """The error says what to do; no mail is fetched, moved or sent."""
    town.arm()
    town.move_to(StepKind.REQUEST)
    folder = path_of(town.house.store).parent
    mounted = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this system does not let root mount")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        with pytest.raises(StoreFailure, match="read-only") as caught:
            tick(town.house, templates())
    finally:
        town.house.store.close()
        subprocess.run(["umount", str(folder)], check=True)

    assert caught.value.exit_code == 1
    assert "mount the disk for writing" in caught.value.advice
    assert (town.relay.attempts, town.source.processed) == ([], {})


@pytest.mark.fault("D4")
def test_a_connection_that_may_only_read_is_told_with_what_to_do(database: Path, tmp_path: Path) -> None:
    """As an ordinary user meets it whose rights were taken."""
    store = new_database(database, tmp_path)
    event.listen(store.writer, "connect", lambda connection, record: connection.execute("PRAGMA query_only=ON").fetchall())

    with pytest.raises(StoreFailure, match="cannot be written") as caught, store.begin() as conn:
        control.set_state(conn, "word", "x")
    assert "right to write" in caught.value.advice


@pytest.mark.fault("D8")
def test_a_damaged_page_is_found_at_the_start_and_the_last_good_backup_is_named(database: Path, tmp_path: Path) -> None:
    """Also where the damage is in a part that nobody reads every day."""
    store = new_database(database, tmp_path)
    with store.begin() as conn:
        for number in range(3000):
            control.set_state(conn, f"key {number}", "x" * 200)
    backup.back_up(store, tmp_path / "good.db", NOW)
    store.check_sound()
    store.close()
    content = bytearray(path_of(store).read_bytes())
    for page in range(len(content) // 4096 - 40, len(content) // 4096 - 20):
        content[page * 4096 : page * 4096 + 512] = os.urandom(512)
    path_of(store).write_bytes(bytes(content))

    with pytest.raises(StoreFailure, match="damaged") as caught:
        store.check_sound()

    assert f"reminder restore {tmp_path / 'good.db'}" in caught.value.advice
    assert f"{NOW:%Y-%m-%d %H:%M}" in caught.value.advice


@pytest.mark.fault("D8")
def test_without_a_backup_the_advice_says_that_none_is_known(database: Path, tmp_path: Path) -> None:
    """A side file that is no JSON counts as none."""
    store = new_database(database, tmp_path)
    path_of(store).with_name("reminder.db.last-backup").write_text("{")
    store.close()
    path_of(store).write_bytes(path_of(store).read_bytes()[:4096] + os.urandom(200_000))

    with pytest.raises(StoreFailure) as caught:
        store.check_sound()
    assert "None is noted" in caught.value.advice

"""`backup`, `restore`, `outbox release` and `outbox cancel` as an admin types them."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from reminder.sandbox.servers import MailWorld
from tests.cli.city import CULTURE, City
from tests.cli.test_round import answer, ask, request_of


@pytest.fixture
def world(city: City) -> Iterator[MailWorld]:
    """A relay that takes everything."""
    with MailWorld() as world:
        city.set(SMTP_PORT=world.smtp_port)
        yield world


def restore_with_a_queue(city: City, world: MailWorld) -> Path:
    """The copy has an acknowledgement in its queue that has gone out since; the copy is put back."""
    ask(city)
    city.receive(answer(request_of(world), "1.1: vihreä, valmis"))
    city.run("collect")
    city.run("interpret")
    copy = city.folder / "copy.db"
    assert city.run("backup", str(copy)).code == 0
    assert city.run("--json", "deliver").document["accepted"] == 1
    city.run("collect")
    assert city.run("restore", str(copy)).code == 0
    return copy


def test_backup_says_what_it_does_and_spares_what_is_there(city: City) -> None:
    """A dry run writes nothing; a file that is there is refused with 2 and left alone, and replaced with --force."""
    copy = city.folder / "copy.db"

    assert city.run("--json", "backup", str(copy), "--dry-run").document["would_write"] == str(copy)
    assert not copy.exists()
    told = city.run("--json", "backup", str(copy)).document
    assert told["size"] == copy.stat().st_size
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    refused = city.run("backup", str(copy))
    assert (refused.code, "is there already" in refused.err) == (2, True)
    assert city.run("backup", str(copy), "--force").code == 0


@pytest.mark.fault("D9")
def test_nothing_leaves_a_restored_database_before_it_is_decided(city: City, world: MailWorld) -> None:
    """Disarmed, held, refused to be armed until the mailbox is read again; released, the very same bytes go once more."""
    restore_with_a_queue(city, world)
    before = list(world.sent)

    assert city.run("--json", "health").document["armed"] == "no"
    waiting = city.run("--json", "outbox", "list", "--state", "needs_review")
    assert (waiting.code, [row["to"] for row in waiting.lines]) == (3, [CULTURE])
    refused = city.run("arm", "--without-test")
    assert (refused.code, "has not been read again" in refused.err) == (75, True)
    city.run("collect")
    city.run("interpret")
    assert "wait for a decision: 1" in city.run("status").err
    assert city.run("arm", "--without-test").code == 0
    city.run("deliver")
    assert list(world.sent) == before

    assert city.run("--json", "outbox", "release", "--all", "--dry-run").document == {"would_be_released": 1}
    assert city.run("--json", "outbox", "release", "--all").document == {"released": 1}
    assert city.run("--json", "outbox", "release", "--all").document == {"released": 0}
    city.run("deliver")
    assert world.sent[-1].raw == before[-1].raw
    assert len(world.sent) == len(before) + 1


def test_what_was_held_can_be_cancelled_and_strangers_are_refused(city: City, world: MailWorld) -> None:
    """All ids or none: one that is unknown or awaits no decision changes nothing."""
    restore_with_a_queue(city, world)
    (held,) = [row["id"] for row in city.run("--json", "outbox", "list", "--state", "needs_review").lines]
    sent = city.run("--json", "outbox", "list", "--state", "accepted").lines[0]["id"]

    assert city.run("outbox", "release", held, "nobody").code == 2
    assert city.run("outbox", "release", held, sent).code == 2
    assert city.run("outbox", "cancel", held, sent).code == 2
    assert city.run("outbox", "cancel").code == 2
    assert city.run("--json", "outbox", "cancel", held, "--dry-run").document == {"would_be_cancelled": 1}
    assert city.run("--json", "outbox", "cancel", held, "--because", "it went out").document == {"cancelled": 1}
    (row,) = city.run("--json", "outbox", "list", "--state", "cancelled").lines
    assert (row["id"], row["reason"]) == (held, "it went out")


def test_a_restore_can_be_foreseen_and_wrong_use_is_told(city: City) -> None:
    """A dry run checks the copy and changes nothing; without a file, or with one that is no copy, nothing happens."""
    copy = city.folder / "copy.db"
    city.run("backup", str(copy))
    before = city.dump()

    assert city.run("--json", "restore", str(copy), "--dry-run").document == {"would_restore": str(copy)}
    assert city.run("restore").code == 2
    assert city.run("restore", str(city.folder / "nowhere.db")).code == 2
    (city.folder / "text.db").write_text("nothing of the kind")
    assert city.run("restore", str(city.folder / "text.db")).code == 1
    assert city.dump() == before


def test_a_database_put_back_by_hand_is_disarmed_in_place(city: City, world: MailWorld) -> None:
    """`--in-place` does to the database that is there what `restore` does to a copy."""
    ask(city)

    assert city.run("--json", "restore", "--in-place").document["kept"] is None
    assert city.run("--json", "health").document["armed"] == "no"
    assert (city.folder / "reminder.db").exists()

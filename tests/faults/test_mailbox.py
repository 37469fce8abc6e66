"""The faults M1 to M10 on a real Dovecot, with another client in the mailbox (inbound.md, sections A and B)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminder.domain.messages import MailKind
from reminder.domain.readings import InboundState
from reminder.domain.rounds import StepKind
from reminder.errors import TemporaryFailure
from reminder.flows.announce import announce
from reminder.flows.collect import collect
from tests.faults.posted import CuttingProxy, Posted, open_source
from tests.flows.town import CULTURE, PRINCIPAL

pytestmark = pytest.mark.real


@pytest.mark.fault("M1")
def test_a_connection_cut_in_the_middle_of_a_mail_costs_nothing(posted: Posted) -> None:
    """Half a mail is none: the next poll fetches it whole, once."""
    raw = posted.reply(CULTURE, "1.1: vihreä\n" + "Pitkä selitys. " * 4000)
    with CuttingProxy(posted.server.imap_port, after=20_000) as proxy:
        posted.use(open_source(posted.server, port=proxy.port))
        with pytest.raises(TemporaryFailure):
            posted.poll()
        posted.poll()

        assert proxy.cuts == 1
    assert [row.state for row in posted.rows()] == [InboundState.APPLIED]
    assert posted.town.stored(1).mail.raw == raw


@pytest.mark.fault("M3", "M4")
def test_a_rebuilt_mailbox_has_no_new_effect_and_hides_no_new_mail(posted: Posted) -> None:
    """Dovecot starts without its list of UIDs, so the same numbers come under a new UIDVALIDITY, for other mails too."""
    posted.reply(CULTURE, "1.1: vihreä")
    posted.poll()  # read, and still in the inbox
    acknowledged = posted.count(MailKind.ACKNOWLEDGEMENT)
    posted.server.stop()
    for path in posted.server.maildir.glob("dovecot*"):
        path.unlink()
    fresh = posted.town.write_reply(posted.town.original(PRINCIPAL), "2.1: keltainen")
    path = posted.server.maildir / "new" / "1.M1.first"  # sorts before the other, and takes its number
    path.write_bytes(fresh)
    posted.own(path)
    posted.server.start()
    posted.use(open_source(posted.server))
    posted.poll()

    states = sorted((row.uid, row.state.value) for row in posted.rows())
    assert len({row.uid for row in posted.rows()}) < len(states) == 3
    assert sorted(state for _, state in states) == ["applied", "applied", "duplicate"]
    assert sorted(fact.party for fact in posted.town.facts()) == ["kulttuuripaallikko", "lukion-rehtori"]
    assert posted.count(MailKind.ACKNOWLEDGEMENT) == acknowledged + 1


@pytest.mark.fault("M5")
def test_a_folder_that_was_renamed_is_told_once_and_the_inbox_is_read_on(posted: Posted) -> None:
    """Another client renames the second folder; red at once, one alert after five minutes, over when it is back."""
    posted.server.doveadm("mailbox", "create", "-u", posted.server.user, "Roska")
    posted.use(open_source(posted.server, junk="Roska"))
    posted.poll()
    posted.server.doveadm("mailbox", "rename", "-u", posted.server.user, "Roska", "Muu")
    posted.reply(CULTURE, "1.1: vihreä")
    posted.poll()

    assert [row.state for row in posted.rows()] == [InboundState.APPLIED]
    assert "folder since" in posted.red()
    assert "Roska" in posted.red()
    assert posted.count(MailKind.ALERT) == 0
    for _ in range(3):
        posted.poll(later=timedelta(minutes=6))
    assert posted.count(MailKind.ALERT) == len(posted.town.setup.directory.coordinators)
    posted.server.doveadm("mailbox", "rename", "-u", posted.server.user, "Muu", "Roska")
    posted.poll()
    assert "folder" not in posted.red()
    posted.server.doveadm("mailbox", "delete", "-u", posted.server.user, "Roska")


@pytest.mark.fault("M5")
def test_a_missing_folder_of_replies_leaves_the_second_one_readable(posted: Posted) -> None:
    """The first folder is gone, the inbox is the second: it is read all the same, and the service is red."""
    posted.use(open_source(posted.server, folder="Kadonnut", junk="INBOX"))
    posted.reply(CULTURE, "1.1: vihreä")

    posted.poll()

    assert [row.state for row in posted.rows()] == [InboundState.APPLIED]
    assert "Kadonnut" in posted.red()


@pytest.mark.fault("M6")
def test_a_folder_that_cannot_be_made_stops_no_reading(posted: Posted) -> None:
    """Mails stay in the inbox and are read; red at once, one alert after an hour; when it can be made, all are moved."""
    posted.server.doveadm("mailbox", "delete", "-u", posted.server.user, "-s", "Processed") if _has_processed(posted) else None
    blocked = posted.server.maildir / ".Processed"
    blocked.write_bytes(b"")
    posted.own(blocked)
    posted.reply(CULTURE, "1.1: vihreä")
    posted.poll()
    posted.reply(PRINCIPAL, "2.1: keltainen")
    posted.poll()
    assert [row.state for row in posted.rows()] == [InboundState.APPLIED] * 2
    assert "moving since" in posted.red()
    assert posted.count(MailKind.ALERT) == 0
    for _ in range(4):
        posted.poll(later=timedelta(minutes=40))
    assert posted.count(MailKind.ALERT) == len(posted.town.setup.directory.coordinators)
    assert not any(row.is_moved for row in posted.rows())
    blocked.unlink()
    posted.poll(later=timedelta(hours=2))
    assert all(row.is_moved for row in posted.rows())
    assert "moving" not in posted.red()


def _has_processed(posted: Posted) -> bool:
    return (posted.server.maildir / ".Processed").is_dir()


@pytest.mark.fault("M7", "M8")
def test_another_client_reads_moves_and_deletes(posted: Posted) -> None:
    """What it has read or moved into a folder of ours is found; of what it has deleted nobody knows, so the party is reminded."""
    posted.server.doveadm("mailbox", "create", "-u", posted.server.user, "Roska")
    posted.use(open_source(posted.server, junk="Roska"))
    posted.poll()
    posted.reply(CULTURE, "1.1: vihreä")
    posted.reply(PRINCIPAL, "2.1: keltainen")
    posted.reply("sivistysjohtaja@suvikoski.example", "2.3: vihreä")
    with posted.server.client() as client:
        client.store("1", "+FLAGS", r"(\Seen \Flagged)")
        client.copy("2", "Roska")
        client.store("2:3", "+FLAGS", r"(\Deleted)")
        client.expunge()
    posted.poll()

    assert sorted(fact.party for fact in posted.town.facts()) == ["kulttuuripaallikko", "lukion-rehtori"]
    assert not posted.town.progress("sivistysjohtaja").is_complete
    posted.town.move_to(StepKind.REMINDER)
    announce(posted.town.house)
    assert posted.town.rows(MailKind.REMINDER, recipient="sivistysjohtaja@suvikoski.example")
    posted.server.doveadm("mailbox", "delete", "-u", posted.server.user, "Roska")


@pytest.mark.fault("M7")
def test_what_another_client_has_marked_for_deletion_stays_when_we_move(posted: Posted) -> None:
    """Our move takes away our mail and nothing else: there is no bare EXPUNGE."""
    posted.reply(CULTURE, "1.1: vihreä")
    posted.server.append(b"From: x@elsewhere.example\r\nSubject: other\r\n\r\nx\r\n", when=posted.town.clock.now() - timedelta(days=900))
    with posted.server.client() as client:
        client.store("2", "+FLAGS", r"(\Deleted)")
        posted.poll()
        collect(posted.town.house)
        client.noop()
        _, data = client.search(None, "ALL")

    assert data == [b"1"]
    assert [row.is_moved for row in posted.rows()] == [True]


@pytest.mark.fault("M10")
def test_one_reply_under_two_numbers_has_one_effect(posted: Posted) -> None:
    """The same bytes, and the same over another relay: one fact, one acknowledgement, three rows."""
    raw = posted.reply(CULTURE, "1.1: vihreä")
    posted.server.append(raw, when=posted.town.clock.now())
    posted.server.append(b"Received: from a.example by b.example; x\r\nX-Spam-Score: 0\r\n" + raw, when=posted.town.clock.now())

    posted.poll()

    assert sorted(row.state.value for row in posted.rows()) == ["applied", "duplicate", "duplicate"]
    assert (len(posted.town.facts()), posted.count(MailKind.ACKNOWLEDGEMENT)) == (1, 1)


@pytest.mark.fault("A3")
def test_a_genuine_reply_that_is_sent_again_weeks_later_changes_nothing(posted: Posted) -> None:
    """It is a duplicate, although the party has corrected it since."""
    raw = posted.reply(CULTURE, "1.1: vihreä")
    posted.poll()
    posted.reply(CULTURE, "1.1: punainen")
    posted.poll(later=timedelta(hours=1))
    before, answered = posted.town.facts(), posted.count(MailKind.ACKNOWLEDGEMENT)
    posted.town.clock.advance(timedelta(days=20))
    for trace in (b"", b"Received: from evil.example by mx.example; x\r\nDelivered-To: seuranta@suvikoski.example\r\n"):
        posted.server.append(trace + raw, when=posted.town.clock.now())
    posted.poll()

    assert [row.state.value for row in posted.rows()][-2:] == ["duplicate", "duplicate"]
    assert (posted.town.facts(), posted.count(MailKind.ACKNOWLEDGEMENT)) == (before, answered)

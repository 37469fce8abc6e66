"""Contacts, deputies, successors, previews, texts and digests, each by a line in the answer to a digest (decision 0033)."""

from __future__ import annotations

import email
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from email import policy

import pypdf
import pytest

from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.rounds import ApprovalPolicy
from reminder.flows.carry_out import carry_out
from reminder.flows.decision_words import tell_codes, tell_overlays
from reminder.flows.overtaken import end_overtaken
from reminder.flows.publish import publish
from reminder.store import commands, people
from reminder.store.publications import load_public_words
from tests.flows.test_desk import CODE, desk, order
from tests.flows.test_digest_and_page import RecordingSite
from tests.flows.town import COORDINATOR, CULTURE, PRINCIPAL, Town, templates, text_of

__all__ = ["desk"]
MAIJA = "maija.meri@suvikoski.example"
STRANGER = "joku@muualla.example"


def decisions(town: Town) -> str:
    """What `status` and `check` tell of decisions."""
    with town.house.store.read() as conn:
        return "\n".join(tell_overlays(conn, town.setup, "fi"))


def test_a_new_contact_gets_what_is_open_and_the_old_one_nothing_more(desk: Town) -> None:
    """What is due goes to the new address on the next mornings; taken back by the line of the answer, all is as before."""
    told = order(desk, f"uusi yhteyshenkilö lukion rehtori: Maija Meri <{MAIJA}>")

    assert f"yhteyshenkilö on nyt {MAIJA}, aiemmin {PRINCIPAL}" in told
    assert f"lukion rehtori: {MAIJA}" in told, "the line is quoted with its address"
    assert f"yhteyshenkilö nyt {MAIJA}" in decisions(desk)
    before = len(desk.sent(PRINCIPAL))
    end_overtaken(desk.house)
    desk.go(date(2025, 3, 4))
    desk.go(date(2025, 3, 5))
    (mail, *_) = desk.sent(MAIJA)
    assert b"Maija Meri" in mail.raw
    assert len(desk.sent(PRINCIPAL)) == before
    desk.reply(MAIJA, "2.1 vihreä: tehty", kind=MailKind.OVERDUE)
    desk.read()

    assert "Kumottu: yhteyshenkilö" in order(desk, "peru yhteyshenkilö lukion rehtori", kind=MailKind.DESK)
    assert decisions(desk) == ""


def test_an_address_stands_in_the_table_of_people_alone(desk: Town) -> None:
    """Erasing the person erases what the decision named; the line is shown without it, and mails go to the files' contact again."""
    order(desk, f"uusi yhteyshenkilö lukion rehtori: Maija Meri <{MAIJA}>")
    with desk.house.store.begin() as conn:
        found = commands.load_commands(conn, len(desk.inbox_states()))
        assert MAIJA not in repr(found), "the line and what was told of it name a pseudonym"
        assert "Maija" not in repr(found)
        people.erase_person(conn, people.find_persons(conn, [MAIJA])[MAIJA], desk.clock.now())

    desk.go(date(2025, 3, 4))
    assert desk.sent(MAIJA) == []
    assert any(b"X-Reminder-Kind: overdue" in mail.raw for mail in desk.sent(PRINCIPAL))


def test_an_edit_of_the_files_ends_a_contact_by_mail(desk: Town) -> None:
    """DESIGN, decision 5: the later word of the file wins, and it is said so."""
    order(desk, f"uusi yhteyshenkilö lukion rehtori: {MAIJA}")
    assert end_overtaken(desk.house) == ()
    desk.remove_contact("lukion-rehtori")

    (ended,) = end_overtaken(desk.house)
    assert "contacts.yaml names others" in ended.because


def test_a_deputy_may_answer_and_gets_no_mail(desk: Town) -> None:
    """A stranger before, a deputy after the line, a stranger again when it is taken back."""
    told = order(desk, f"sijainen kulttuuripäällikölle: {STRANGER}: loma")
    assert f"{STRANGER} saa nyt vastata sijaisena" in told

    desk.reply(CULTURE, "1.1 vihreä: avattiin", sender=STRANGER)
    desk.read()
    assert [fact.party for fact in desk.facts()] == ["kulttuuripaallikko"]
    assert desk.sent(STRANGER, MailKind.REQUEST) == []
    assert "Kumottu: sijainen" in order(desk, "peru sijainen kulttuuripäällikkö", kind=MailKind.DESK)


@pytest.mark.fault("A11")
def test_the_desk_is_handed_over_by_a_code_and_taken_up_by_the_first_command(desk: Town) -> None:
    """Until the successor has ordered something both may; then only the successor. The code waits visibly and works once."""
    (code,) = CODE.findall(order(desk, f"luovuta koosteet: Maija Meri {MAIJA}"))
    assert desk.sent(MAIJA) == [], "nothing before the code has come back"
    with desk.house.store.read() as conn:
        (waits,) = tell_codes(conn, desk.setup, "fi", desk.clock.now())
    assert f"luovuta koosteet: {MAIJA}" in waits
    assert code not in waits

    told = order(desk, code, kind=MailKind.DESK)
    assert f"Koosteet lähtevät nyt osoitteeseen {MAIJA}" in told
    assert "Koodi on jo käytetty" in order(desk, code, kind=MailKind.DESK)
    end_overtaken(desk.house)
    welcome = text_of(desk.sent(MAIJA, MailKind.DESK)[-1].raw)
    assert "on luovuttanut nämä koosteet sinulle" in welcome

    desk.clock.advance(timedelta(minutes=5))
    desk.reply(MAIJA, "lähetä kooste", kind=MailKind.DESK)
    desk.read()
    carry_out(desk.house)
    desk.deliver()
    assert len(desk.sent(MAIJA, MailKind.DESK)) == 3, "the first digest, the one asked for, and the answer"
    assert order(desk, "tauko", kind=MailKind.DESK) == "", "who handed over orders nothing any more"
    assert desk.inbox_states()[-1].value == "held"


def test_previews_are_approved_and_stopped_in_the_answer_to_a_digest(town: Town) -> None:
    """What was shown goes, by kind or all; what was let go and has not left is stopped again."""
    setup = town.setup
    asking = tuple(replace(one, approve=ApprovalPolicy.FIRST) for one in setup.rounds)
    town.house = replace(town.house, setup=replace(setup, rounds=asking))
    town.ask()
    town.clock.advance(timedelta(minutes=10))
    town.deliver()
    assert town.sent(CULTURE, MailKind.REQUEST) == []
    town.go(date(2025, 2, 24))
    waiting = len(town.rows(state=OutboxState.WAITING_APPROVAL))
    assert waiting

    assert f"Pysäytetty, {waiting} viestiä" in order(town, "hylkää muistutukset")
    assert "Mikään sinulle näytetty ei odota" in order(town, "hyväksy pyynnöt", kind=MailKind.DESK), "no request was shown"
    told = order(town, "hyväksy ennakot", kind=MailKind.DESK)
    assert f"Hyväksytty, {waiting} viestiä" in told
    assert "hylkää ennakot" in told
    assert town.rows(state=OutboxState.WAITING_APPROVAL) == []
    assert "Mikään sinulle näytetty ei odota" in order(town, "hyväksy ennakot", kind=MailKind.DESK)


def test_words_are_published_corrected_and_taken_back(desk: Town) -> None:
    """The page shows a party's words once the coordinator says so, those very words, or corrected ones; others wait again."""
    site = RecordingSite()
    desk.house = replace(desk.house, site=site)
    desk.reply(CULTURE, "1.1 vihreä: avattiin elokuussa")
    desk.read()

    def page() -> str:
        publish(desk.house, templates())
        return "\n".join(content.decode(errors="replace") for content in site.versions[-1].values())

    assert "avattiin elokuussa" not in page()
    desk.go(date(2025, 3, 10))
    waits = text_of(desk.sent(COORDINATOR, MailKind.DIGEST)[-1].raw)
    assert "avattiin elokuussa" in waits
    told = order(desk, "julkaise 1.1")  # the line that the digest's link writes
    assert "Julkiselle sivulle tulee 1.1: ”avattiin elokuussa”" in told
    assert "peru julkaisu 1.1" in told
    assert "avattiin elokuussa" in page()
    assert "tekstit julkisella sivulla: 1.1" in decisions(desk)

    assert "nyt 1.1: ”Tila avattiin.”" in order(desk, "korjaa 1.1: Tila avattiin.", kind=MailKind.DESK)
    shown = page()
    assert "Tila avattiin." in shown
    assert "avattiin elokuussa" not in shown
    assert "Korjaus on kumottu: 1.1" in order(desk, "peru korjaus 1.1", kind=MailKind.DESK)
    assert "avattiin elokuussa" in page()

    desk.clock.advance(timedelta(minutes=5))
    desk.reply(CULTURE, "1.1 vihreä: avattiin jo kesällä")
    desk.read()
    assert "avattiin" not in page(), "nobody has let these words be published"
    assert "1.1" in order(desk, "julkaise kaikki tekstit", kind=MailKind.DESK)
    assert "jo kesällä" in page()
    order(desk, "peru julkaisu 1.1", kind=MailKind.DESK)
    assert "jo kesällä" not in page()
    with desk.house.store.read() as conn:
        assert load_public_words(conn).decided == ()


def test_a_digest_is_sent_when_it_is_asked_for(desk: Town) -> None:
    """As of now, to whoever asks."""
    desk.pause()
    desk.clock.advance(timedelta(minutes=5))
    desk.reply(COORDINATOR, "lähetä kooste nyt", kind=MailKind.DIGEST)
    desk.read()
    carry_out(desk.house)
    desk.deliver()

    digest, answer = (text_of(mail.raw) for mail in desk.sent(COORDINATOR, MailKind.DESK))
    assert "Keneltä puuttuu" in digest
    assert "Kooste tämän hetken tilanteesta" in answer


def test_the_report_is_sent_when_it_is_asked_for(desk: Town) -> None:
    """With what the line above it has let be published; to whoever asks."""
    desk.reply(CULTURE, "1.1 vihreä: avattiin jo kesällä")
    desk.read()
    desk.clock.advance(timedelta(minutes=5))
    desk.reply(COORDINATOR, "julkaise kaikki tekstit\nlähetä raportti", kind=MailKind.DIGEST)
    desk.read()
    carry_out(desk.house)
    desk.deliver()

    mails = [email.message_from_bytes(mail.raw, policy=policy.default) for mail in desk.sent(COORDINATOR, MailKind.DESK)]
    answer, report = sorted(mails, key=lambda mail: len(list(mail.iter_attachments())))
    assert "Raportti on tulossa" in text_of(bytes(answer))
    (page, _) = report.iter_attachments()
    reader = pypdf.PdfReader(io.BytesIO(page.get_content()))
    assert "jo kesällä" in " ".join(" ".join(one.extract_text() for one in reader.pages).split())


def test_a_reopened_round_stays_open(desk: Town) -> None:
    """The files said another last day all along: that is no later edit, and ends neither the closing nor the reopening."""
    (code,) = CODE.findall(order(desk, "sulje kierros"))
    order(desk, code, kind=MailKind.DESK)
    (code,) = CODE.findall(order(desk, "avaa kierros 30.5. asti", kind=MailKind.DESK))
    assert "on auki" in order(desk, code, kind=MailKind.DESK)

    assert end_overtaken(desk.house) == ()
    assert re.search(r"kierros auki .*30\.5\.", decisions(desk))

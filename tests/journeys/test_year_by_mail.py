"""A whole year of the coordinator's desk by mail alone: nobody touches the command line (issue 6)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reminder.domain.assessments import TrafficLight, latest
from reminder.domain.messages import MailKind, OutboxState
from reminder.domain.readings import InboundState
from reminder.flows.decision_words import tell_overlays
from reminder.sandbox.machines import bounce, out_of_office
from reminder.sandbox.originals import Writer
from tests.flows.meetings import told
from tests.flows.test_meeting_answers import answer as answer_calendar
from tests.flows.town import CULTURE, DIRECTOR, PRINCIPAL, new_database, open_town, text_of
from tests.journeys.year_by_mail import YearByMail

pytestmark = pytest.mark.slow

MAIJA = "maija.meri@suvikoski.example"
NEW_INSPECTOR = "uusi.rakennustarkastaja@suvikoski.example"
PLANNER = "kaavasuunnittelija@konsultti.example"
STRANGER, OTHER = "sihteeri@muualla.example", "myyja@muualla.example"
INSPECTOR, PLANNING = "rakennustarkastaja@suvikoski.example", "kaupunkisuunnittelupaallikko@suvikoski.example"
INFRASTRUCTURE, TOURISM = "infrapalvelupaallikko@suvikoski.example", "matkailukoordinaattori@suvikoski.example"
EDUCATION, PREMISES, LATE = "sivistysjohtaja@suvikoski.example", "tilapalvelupaallikko@suvikoski.example", "joku@muualla.example"
GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED
EXPECTED = {
    "1.1": (GREEN, "avattiin"),
    "1.10": (YELLOW, "remontti venyi"),
    "3.8": (RED, "ei rahaa"),
    "2.1": (YELLOW, "viivästyi vuodella"),
    "2.3": (GREEN, "opinnot alkoivat"),
    "1.5": (GREEN, "kaava on voimassa"),
    "4.4": (YELLOW, "työ jatkuu"),
    "1.8": (GREEN, "palvelu avattiin"),
    "4.3": (GREEN, "soitti, kaikki valmista"),
    "3.1": (GREEN, "opened"),
    "3.3": (YELLOW, "delayed"),
    "3.6": (RED, "siltaa ei korjattu"),
    "1.6": (GREEN, "katu valmistui"),
}


@pytest.fixture
def year(database: Path, tmp_path: Path) -> YearByMail:
    """The town before Christmas."""
    return YearByMail.begin(open_town(new_database(database, tmp_path)), tmp_path / "site")


def held(year: YearByMail, nth: int = 1) -> int:
    """The number of the nth mail that waits for a decision, as the digest shows it."""
    states = year.town.inbox_states()
    return [number for number, state in enumerate(states, start=1) if state is InboundState.HELD][nth - 1]


def test_a_whole_year_by_mail_alone(year: YearByMail) -> None:
    """From the list of contacts to a successor who settles what came after the close; at the end all is what was said."""
    begin(year)
    parties_answer(year)
    first_digests(year)
    hearings_are_placed(year)
    words_are_published(year)
    the_round_is_closed(year)
    the_desk_changes_hands(year)

    facts = {fact.action: fact for fact in latest(year.town.facts()).values()}
    numbers = {action.id: action.number for action in year.town.setup.programmes["elinvoima"].actions}
    assert {numbers[action]: (fact.light, fact.text) for action, fact in facts.items()} == EXPECTED
    with year.town.house.store.read() as conn:
        decided = "\n".join(tell_overlays(conn, year.town.setup, "fi"))
    for words in (f"yhteyshenkilö nyt {NEW_INSPECTOR}", PLANNER, "31.3.2025", "kierros suljettu", MAIJA, "tekstit julkisella sivulla"):
        assert words in decided, decided
    page = year.page()
    assert "Kulttuuritila avattiin elokuussa." in page, "the corrected words"
    assert "ei rahaa" in page
    assert "opinnot alkoivat" not in page, "nobody has let these be published"
    assert year.town.rows(state=OutboxState.WAITING_APPROVAL) == []
    assert not {InboundState.CAPTURED, InboundState.HELD, InboundState.QUARANTINED} & set(year.town.inbox_states())
    for mail in year.town.sent(kind=MailKind.DIGEST):
        assert "reminder " not in text_of(mail.raw), "a digest names no command of the command line"


def begin(year: YearByMail) -> None:
    """Kick-off: the list of contacts is confirmed, the notices and the requests are approved, each by an answer."""
    year.live_until(date(2024, 12, 20))
    year.write("Kaikki oikein, kiitos.", kind=MailKind.CONTACTS)
    year.live_until(date(2025, 1, 3))
    assert year.town.sent(kind=MailKind.NOTICE) == []
    assert "Hyväksytty" in year.write("Hyväksyn nämä", kind=MailKind.PREVIEW)
    year.live_until(date(2025, 1, 7))
    assert len(year.town.sent(kind=MailKind.NOTICE)) >= 16
    year.live_until(date(2025, 2, 14))
    assert year.town.sent(kind=MailKind.REQUEST) == []
    assert "Hyväksytty" in year.write("ok, hyväksy", kind=MailKind.PREVIEW)
    year.live_until(date(2025, 2, 17))
    assert len(year.town.sent(kind=MailKind.REQUEST)) == 16


def parties_answer(year: YearByMail) -> None:
    """Understood, not understood and asked back, a stranger's, a salesman's, away, bounced, and one that wants more time."""
    town = year.town
    year.hear(CULTURE, "1.1 vihreä: avattiin\n1.10 keltainen: remontti venyi\n3.8 punainen: ei rahaa")
    year.hear(PRINCIPAL, "2.1 vihreä tai punainen")
    assert "2.1" in text_of(town.sent(PRINCIPAL, MailKind.ACKNOWLEDGEMENT)[-1].raw), "it is asked back"
    assert town.inbox_states()[-1] is InboundState.ASKED_BACK
    year.hear(PRINCIPAL, "2.1 keltainen: viivästyi vuodella", kind=MailKind.ACKNOWLEDGEMENT)
    year.hear(STRANGER, "2.3 vihreä: opinnot alkoivat", of=EDUCATION)
    year.hear(OTHER, "1.2 vihreä: ostakaa siivouspalvelumme", of=PREMISES)
    year.hear(TOURISM, "3.1 green: opened\n\nFor the rest we need more time until 31 March, since the season is long.")
    now = town.clock.now()
    away = out_of_office(town.original(INFRASTRUCTURE), Writer(address=INFRASTRUCTURE, name="I", language="fi"), date(2025, 3, 3), now)
    town.source.deliver(away, when=now)
    request = town.sent(INSPECTOR, MailKind.REQUEST)[-1]
    town.source.deliver(bounce(request.raw, envelope_sender=request.sender, recipient=INSPECTOR, when=now), when=now)
    year.tick()


def first_digests(year: YearByMail) -> None:
    """What waits is settled by the links, the rest by lines in free words."""
    town = year.town
    year.live_until(date(2025, 2, 21))
    year.live_until(date(2025, 2, 24))
    digest = text_of(year.mail(MailKind.DIGEST).raw)
    for words in (STRANGER, OTHER, "on poissa", "Viesti ei mennyt perille", "Pyytää lisäaikaa"):
        assert words in digest, words
    accepted, rejected = held(year), held(year, 2)
    assert "on kirjattu: 2.3" in year.click(f"hyväksy {accepted}")
    assert "ei oteta huomioon" in year.click(f"hylkää {rejected}")
    assert "määräaika on nyt" in year.click("lisäaikaa matkailukoordinaattori 31.3.2025 asti")
    assert NEW_INSPECTOR in year.click("uusi yhteyshenkilö rakennustarkastaja: [osoite]", fill=NEW_INSPECTOR)
    assert "Hyväksytty" in year.click("hyväksy ennakot"), "the reminders"
    told_ = year.write(
        "Hei!\n\nKirjaa 4.3 vihreä: soitti, kaikki valmista\n"
        f"lisää sijainen kaupunkisuunnittelupäällikölle: {PLANNER}: tekee kaavat\n"
        "Muistuta tilapalvelupäällikköä.\nSoitin muillekin.\n\nTerveisin K"
    )
    assert told_.count("Tehty:") == 3, told_
    assert "Soitin muillekin" in told_
    year.hear(PLANNER, "1.5 vihreä: kaava on voimassa\n4.4 keltainen: työ jatkuu", of=PLANNING)
    year.live_until(date(2025, 2, 28))
    assert town.sent(NEW_INSPECTOR), "what is open goes to the new contact"
    kind = next(kind for kind in MailKind if town.sent(NEW_INSPECTOR, kind))
    year.hear(NEW_INSPECTOR, "1.8 vihreä: palvelu avattiin", kind=kind)
    year.live_until(date(2025, 3, 4))
    year.hear(INFRASTRUCTURE, "1.6 vihreä: katu valmistui\n3.6 punainen: siltaa ei korjattu")


def hearings_are_placed(year: YearByMail) -> None:
    """The invitations have gone out by themselves; one accepts, one declines and is offered another, one proposes and is granted it."""
    town = year.town
    assert told(town, CULTURE) == ["REQUEST 0 18. 13:20-13:40"]
    answer_calendar(town, CULTURE, "ACCEPTED")
    answer_calendar(town, PRINCIPAL, "DECLINED")
    answer_calendar(town, DIRECTOR, "COUNTER", proposed="20250318T150000")
    year.live_until(date(2025, 3, 10))
    assert len(told(town, PRINCIPAL)) == 2, "offered again"
    number = held(year)
    assert "15.00" in text_of(year.mail(MailKind.DIGEST).raw)
    assert "15.00" in year.click(f"hyväksy {number}")
    year.live_until(date(2025, 3, 11))
    assert told(town, DIRECTOR)[-1] == "REQUEST 1 18. 15:00-15:20"


def words_are_published(year: YearByMail) -> None:
    """Two texts by their links, one of them corrected afterwards; the page follows."""
    assert "avattiin" not in year.page()
    year.click("julkaise 1.1")
    assert "Julkiselle sivulle tulee 3.8" in year.write("Julkaise 3.8 myös, kiitos.", kind=MailKind.DESK)
    assert "avattiin" in year.page()
    assert "lukee nyt 1.1" in year.write("korjaa 1.1: Kulttuuritila avattiin elokuussa.", kind=MailKind.DESK)


def the_round_is_closed(year: YearByMail) -> None:
    """The tourism coordinator answers within the extension; the rest stays silent, and the round is closed by a code."""
    year.live_until(date(2025, 3, 28))
    kind = [kind for kind in MailKind if kind.is_schedule_mail and year.town.sent(TOURISM, kind)][-1]
    year.hear(TOURISM, "3.3 yellow: delayed", kind=kind)
    year.live_until(date(2025, 4, 7))
    year.write("sulje kierros: jaosto on käsitellyt raportit")
    assert "on suljettu" in year.confirm()
    before = len(year.town.sent(kind=MailKind.OVERDUE))
    year.live_until(date(2025, 4, 25))
    assert len(year.town.sent(kind=MailKind.OVERDUE)) == before


def the_desk_changes_hands(year: YearByMail) -> None:
    """The successor gets a digest at once, takes the desk up, and settles what comes in after the close."""
    town = year.town
    year.write(f"luovuta koosteet: Maija Meri {MAIJA}", kind=MailKind.DESK)
    assert MAIJA in year.confirm()
    year.coordinator = MAIJA
    assert "Kooste tämän hetken tilanteesta" in year.write("lähetä kooste", kind=MailKind.DESK)
    year.live_until(date(2025, 5, 5))
    town.clock.advance(timedelta(minutes=2))
    head = f"From: {LATE}\r\nTo: seuranta@suvikoski.example\r\nSubject: Kysymys\r\nMessage-ID: <late@muualla.example>"
    town.source.deliver(f"{head}\r\n\r\nMikä tämä on?\r\n".encode(), when=town.clock.now())
    year.tick()
    year.live_until(date(2025, 5, 13))
    assert LATE in text_of(year.mail(MailKind.DIGEST).raw), "long after the close it still reaches a digest"
    assert "siirretty sivuun" in year.click(f"ohita {held(year)}")
    year.live_until(date(2025, 6, 3))

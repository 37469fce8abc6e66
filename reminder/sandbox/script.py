"""The script of the demo: which of our mails is answered by whom, after how long, from which mail program.

Every reply is made from the mail that was really sent: its reply address, its Message-ID, its text, its links.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reminder.domain.assessments import TrafficLight
from reminder.domain.messages import MailKind
from reminder.domain.programme import Language
from reminder.sandbox.calendars import calendar_answer
from reminder.sandbox.clients import Client, gmail_web, iphone, open_link, outlook_desktop, owa, plain, start_mail, thunderbird
from reminder.sandbox.machines import bounce, out_of_office
from reminder.sandbox.originals import Filled, Original, Typed, Writer, find_light_link

GREEN, YELLOW = TrafficLight.GREEN, TrafficLight.YELLOW
REQUEST, REMINDER, LAST_CALL, OVERDUE = MailKind.REQUEST, MailKind.REMINDER, MailKind.LAST_CALL, MailKind.OVERDUE
PREVIEW, INVITATION = MailKind.PREVIEW, MailKind.INVITATION
CITY = "suvikoski.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A mail of ours on its way to a recipient."""

    raw: bytes
    envelope_sender: str
    recipient: str
    original: Original


@dataclass(frozen=True, slots=True, kw_only=True)
class CastReply:
    """One scripted reply: to the `nth` mail of a kind to a recipient (0: to every one), after a delay.

    `tells` says what it is, for the demo's reader.
    """

    party: str
    recipient: str
    kind: MailKind
    nth: int = 1
    after: timedelta
    shape: str
    tells: str
    build: Callable[[Sent, datetime], bytes]


def list_replies() -> tuple[CastReply, ...]:
    """The script, in the order of the mails that are answered."""
    return (*_approvals(), *_answers_to_request(), *_odd_mails(), *_later_answers())


def _approvals() -> tuple[CastReply, ...]:
    """The coordinator confirms the contacts and approves the first mails of each kind."""
    coordinator = f"elinvoimakoordinaattori@{CITY}"
    confirmed, approved = _typed(owa, top="Yhteystiedot ovat kunnossa."), _typed(owa, top="Hyväksyn, lähetä.")
    return (
        _reply("koordinaattori", coordinator, MailKind.CONTACTS, 3, "owa", "confirms the list of contacts", confirmed),
        _reply("koordinaattori", coordinator, PREVIEW, 0.3, "owa", "approves what the preview shows", approved, nth=0),
    )


def _answers_to_request() -> tuple[CastReply, ...]:
    director, culture, planning = f"kaupunkikehitysjohtaja@{CITY}", f"kulttuuripaallikko@{CITY}", f"kaupunkisuunnittelupaallikko@{CITY}"
    both = {
        "4.2": Filled(light="vihreä", done="Vierailimme yhdessätoista yrityksessä.", next="Kevään kierros sovitaan 15.3.2025 mennessä."),
        "4.3": Filled(light="keltainen", done="Kalenteri julkaistiin kerran, syksyn julkaisu jäi tekemättä.", next="Julkaisu 30.4.2025"),
    }
    culture_lines = (
        "1.1: vihreä, valmis\nIkkunoita saatiin näyttelyyn yhdeksän.\n\n"
        "1.10: keltainen\nKolme teemaviikkoa pidettiin, neljännelle ei löytynyt järjestäjää."
    )
    swedish = {"2.4": Filled(light="grön", done="Fyra gemensamma kurser ordnades med 38 studerande.")}
    english = (
        "3.1: green\nThe calendar is used by 2,100 visitors a month.\n\n3.3: yellow\nSigns for four of the ten sites are still missing."
    )
    return (
        _reply("sivistysjohtaja", f"sivistysjohtaja@{CITY}", REQUEST, 5, "outlook_desktop", "fills in the form in Outlook, yellow at first",
               _typed(outlook_desktop, filled={"2.3": Filled(light="keltainen", done="Kummiyritys on kahdella kolmesta yläkoulusta.")})),
        _reply("kulttuuripaallikko", culture, REQUEST, 7, "gmail_web", "answers two of three on top, in Gmail",
               _typed(gmail_web, top=culture_lines)),
        _reply("suvimatkat", "toimitusjohtaja@suvimatkat.example", REQUEST, 5.5, "mailto", "clicks the green light",
               _linked("3.2", GREEN, Filled(done="Verkkovaraus avattiin toukokuussa, varauksia tuli 340."))),
        _reply("suvimatkat", "toimitusjohtaja@suvimatkat.example", REQUEST, 5.6, "mailto", "clicks the yellow light of the other",
               _linked("3.4", YELLOW, Filled(done="Luonnos on yritysten luettavana.", next="Hallitus käsittelee 20.5.2025"))),
        _reply("kaupunkisuunnittelupaallikko", planning, REQUEST, 76, "outlook_desktop", "fills in one of two",
               _typed(outlook_desktop, filled={"4.4": Filled(light="vihreä", done="Luovutettavissa on kuusi tonttia.")})),
        _reply("matkailukoordinaattori", f"matkailukoordinaattori@{CITY}", REQUEST, 3, "gmail_web", "answers in English",
               _typed(gmail_web, language="en", top=english)),
        _reply("kaupunkikehitysjohtaja", director, REQUEST, 75, "outlook_desktop", "answers for two parties in one mail",
               _typed(outlook_desktop, filled=both)),
        _reply("elinvoimajaosto", f"elinvoimajaosto.pj@{CITY}", REQUEST, 80, "plain", "one line of plain text, nothing quoted",
               _typed(plain, top="4.5: vihreä\nArviot on pyydetty kaikilta, ja raportti menee kaupunginhallitukselle maaliskuussa.")),
        _reply("opiston-rehtori", "rektor@kuusiharju.example", REQUEST, 6, "outlook_desktop", "fills in the Swedish form",
               _typed(outlook_desktop, language="sv", filled=swedish)),
        _reply("kaupunkimarkkinointi", f"markkinointi@{CITY}", REQUEST, 4, "owa", "one light with a phase, one phase alone",
               _typed(owa, top="3.10: vihreä, käynnissä\n3.11: valmis")),
        _reply("lukion-rehtori", f"lukion.rehtori@{CITY}", REQUEST, 78, "owa", "the school's office answers, an address that nobody listed",
               _typed(owa, writer=Writer(address=f"lukion.kanslia@{CITY}", name="Lukion kanslia"), top="2.1: vihreä, valmis")),
    )  # fmt: skip


def _odd_mails() -> tuple[CastReply, ...]:
    premises, infra = f"tilapalvelupaallikko@{CITY}", f"infrapalvelupaallikko@{CITY}"
    everything = [_reply("tilapalvelupaallikko", premises, kind, 0.05, "bounce", "the mailbox does not exist", _bounced, nth=0)
                  for kind in (REQUEST, REMINDER, LAST_CALL, OVERDUE)]  # fmt: skip
    return (
        *everything,
        _reply("tyollisyyspalvelupaallikko", f"tyollisyyspalvelupaallikko@{CITY}", REQUEST, 0.02, "out_of_office", "is away until 20.2.",
               lambda sent, when: out_of_office(sent.original, _writer_of(sent), date(2025, 2, 20), when)),
        _reply("infrapalvelupaallikko", infra, REQUEST, 11, "iphone", "says nothing that can be recorded",
               _typed(iphone, top="Palaan asiaan ensi viikolla.")),
        _reply("suvikodit", "toimitusjohtaja@suvikodit.example", REQUEST, 51, "forged", "a stranger who claims to be the party", _forged),
    )  # fmt: skip


def list_meeting_answers() -> tuple[CastReply, ...]:
    """What calendars answer to the invitations of the demo's hearings."""
    education, culture, college = f"sivistysjohtaja@{CITY}", f"kulttuuripaallikko@{CITY}", "rektor@kuusiharju.example"
    return (
        _reply("sivistysjohtaja", education, INVITATION, 4, "calendar", "accepts the hearing in the calendar", _pressed("ACCEPTED")),
        _reply("kulttuuripaallikko", culture, INVITATION, 5, "calendar", "accepts the hearing with reservation", _pressed("TENTATIVE")),
        _reply("opiston-rehtori", college, INVITATION, 6, "calendar", "declines the hearing, and is offered another slot",
               _pressed("DECLINED", "Jag undervisar då")),
        _reply("opiston-rehtori", college, INVITATION, 7, "calendar", "accepts the other slot", _pressed("ACCEPTED"), nth=2),
    )  # fmt: skip


def _pressed(partstat: str, comment: str = "") -> Callable[[Sent, datetime], bytes]:
    return lambda sent, when: calendar_answer(sent.raw, _writer_of(sent), partstat, when, to=sent.original.sender, comment=comment)


def _later_answers() -> tuple[CastReply, ...]:
    flowed = {
        "2.2": Filled(light="vihreä", done="Setelin käytti 164 nuorta."),
        "2.6": Filled(
            light="vihreä", done="Päivät pidettiin huhtikuussa ja lokakuussa, työnantajia oli 41.", next="Seuraava päivä 9.4.2025"
        ),
    }
    museum = {"3.8": Filled(light="punainen", done="Talviaukiolo vaatii yhden henkilön lisää.", next="Esitys talousarvioon 30.5.2025")}
    works = {
        "1.6": Filled(light="keltainen", done="Valaistus ulottuu sillalta laiturille.", next="Loppuosa 30.9.2025"),
        "3.6": Filled(light="vihreä", done="Reittejä merkittiin 62 kilometriä ja kartta julkaistiin."),
    }
    flats = {
        "1.3": Filled(
            light="punainen", done="Yhtiön ehdot eivät salli lyhyitä sopimuksia.", next="Yhtiöjärjestys yhtiökokoukseen 28.5.2025"
        )
    }
    jobs, planning = f"tyollisyyspalvelupaallikko@{CITY}", f"kaupunkisuunnittelupaallikko@{CITY}"
    correction = "2.3: vihreä\nKorjaus edelliseen: myös kolmas yläkoulu sai kummiyrityksen helmikuussa."
    return (
        _reply("sivistysjohtaja", f"sivistysjohtaja@{CITY}", REQUEST, 126, "gmail_web", "corrects yellow to green",
               _typed(gmail_web, top=correction)),
        _reply("tyollisyyspalvelupaallikko", jobs, REMINDER, 4, "thunderbird", "is back, answers between the lines",
               _typed(thunderbird, filled=flowed)),
        _reply("kulttuuripaallikko", f"kulttuuripaallikko@{CITY}", REMINDER, 3, "iphone", "the missing one, from the phone",
               _typed(iphone, filled=museum)),
        _reply("kaupunkisuunnittelupaallikko", planning, REMINDER, 23, "owa", "the missing one, after the second reminder",
               _typed(owa, top="1.5: keltainen\nSuunnitelma on nähtävillä, hyväksyminen siirtyi syksyyn."), nth=2),
        _reply("infrapalvelupaallikko", f"infrapalvelupaallikko@{CITY}", LAST_CALL, 5, "outlook_desktop", "on the last day",
               _typed(outlook_desktop, filled=works)),
        _reply("suvikodit", "toimitusjohtaja@suvikodit.example", OVERDUE, 52, "thunderbird", "late, after the deadline",
               _typed(thunderbird, filled=flats)),
    )  # fmt: skip


def _reply(
    party: str,
    recipient: str,
    kind: MailKind,
    hours: float,
    shape: str,
    tells: str,
    build: Callable[[Sent, datetime], bytes],
    *,
    nth: int = 1,
) -> CastReply:
    after = timedelta(hours=hours)
    return CastReply(party=party, recipient=recipient, kind=kind, nth=nth, after=after, shape=shape, tells=tells, build=build)


def _typed(
    client: Client, *, language: Language = "fi", writer: Writer | None = None, top: str = "", filled: dict[str, Filled] | None = None
) -> Callable[[Sent, datetime], bytes]:
    def build(sent: Sent, when: datetime) -> bytes:
        return client(sent.original, writer or _writer_of(sent, language), Typed(top=top, filled=filled or {}), when)

    return build


def _linked(number: str, light: TrafficLight, filled: Filled) -> Callable[[Sent, datetime], bytes]:
    def build(sent: Sent, when: datetime) -> bytes:
        return open_link(find_light_link(sent.original, number, light), _writer_of(sent), Typed(filled={number: filled}), when)

    return build


def _bounced(sent: Sent, when: datetime) -> bytes:
    return bounce(sent.raw, envelope_sender=sent.envelope_sender, recipient=sent.recipient, when=when)


def _forged(sent: Sent, when: datetime) -> bytes:
    """Knows the programme and the role, but has no mail of ours: no token, no thread, an address of its own."""
    writer = Writer(address="suvikodit.toimitusjohtaja@pikaposti.example", name="Suvikodit Oy:n toimitusjohtaja")
    address = sent.original.sender
    mail = start_mail(writer, to=address, subject="Elinvoimaohjelman raportointi, Suvikodit Oy", when=when)
    mail.set_content("1.3: vihreä, valmis\n\nKaikki kunnossa, ei tarvetta jatkotoimiin.\n", charset="utf-8", cte="quoted-printable")
    return bytes(mail)


def _writer_of(sent: Sent, language: Language = "fi") -> Writer:
    """The listed contact, under the name by which we know it."""
    return Writer(address=sent.recipient, name=sent.original.recipient_name, language=language)

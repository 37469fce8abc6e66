"""The words of the year's page in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reminder.compose.year.views import MailState, MarkKind, SpellKind
from reminder.domain.programme import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class YearWords:
    """What the page says."""

    title: str
    lead: str
    legend: str
    calendar: str
    table: str
    decided: str
    decided_short: str
    today: str
    week: str
    weekend: str
    closed: str
    quiet: str
    nothing: str
    when: str
    mail: str
    to: str
    why: str
    state: str
    to_parties: tuple[str, str]
    coordinator: str
    as_of: str
    no_store: str
    not_armed: str
    planned_date: str
    marks: Mapping[MarkKind, str]
    spells: Mapping[SpellKind, str]
    spell_until: str
    spell_open: str
    states: Mapping[MailState, str]
    reasons: Mapping[str, str]
    skip: str
    picture: str


WORDS: Mapping[Language, YearWords] = {
    "fi": YearWords(
        title="Vuosi viestinä",
        lead="Jokainen viesti, joka lähtee: milloin, kenelle, mikä ja miksi juuri silloin. Joka on raportoinut kaiken, ei saa enempää.",
        legend="Merkit",
        calendar="Kalenteri",
        table="Viestit ja niiden päivien perusteet",
        decided="Päätetty tiedostojen lisäksi",
        decided_short="lisäaika tai tauko",
        today="tänään",
        week="vk",
        weekend="viikonloppu",
        closed="suljettu päivä",
        quiet="hiljainen päivä",
        nothing="Mitään ei lähde.",
        when="Milloin",
        mail="Viesti",
        to="Kenelle",
        why="Miksi tämä päivä",
        state="Tilanne",
        to_parties=("vastuutaho", "vastuutahoa"),
        coordinator="koordinaattori",
        as_of="Tilanne {moment}.",
        no_store="Tietokantaa ei ole vielä: lähetettyjä viestejä ei tiedetä.",
        not_armed="Lähetys ei ole päällä: mitään ei lähde ennen komentoa `reminder arm`.",
        planned_date="alustava",
        marks={MarkKind.ANCHOR: "ankkuri", MarkKind.DEADLINE: "määräaika", MarkKind.CLOSES: "kierros päättyy"},
        spells={
            SpellKind.EXTENSION: "lisäaika",
            SpellKind.PAUSE: "lähetys tauolla",
            SpellKind.AWAY: "poissa",
            SpellKind.OTHER: "päätös",
        },
        spell_until="{start} – {until}",
        spell_open="{start} alkaen, kunnes päätetään toisin",
        states={
            MailState.PLANNED: "lähtee",
            MailState.DUE: "odottaa lähtöä",
            MailState.WAITING_APPROVAL: "odottaa hyväksyntääsi",
            MailState.SENT: "lähetetty",
            MailState.SKIPPED: "ei lähetetty",
            MailState.NOT_NEEDED: "ei tarvita",
            MailState.UNKNOWN: "",
        },
        reasons={
            "approval": "kysytään ensin sinulta",
            "collapsed": "uudempi viesti korvasi sen",
            "complete": "kaikki on raportoitu",
            "expired": "sen aika oli ohi",
            "before_arm": "oli ajankohtainen jo ennen lähetyksen alkua",
            "all_clear": "mikään ei vaatinut koordinaattorilta toimia",
            "enough": "viestejä on lähetetty tarpeeksi, asia siirtyy koordinaattorille",
            "cancelled": "peruttu",
            "failed": "lähetys epäonnistui",
        },
        skip="Siirry viesteihin",
        picture="Kalenterikuva",
    ),
    "sv": YearWords(
        title="Året i meddelanden",
        lead="Varje meddelande som går ut: när, till vem, vilket och varför just då. Den som har rapporterat allt får inga fler.",
        legend="Tecken",
        calendar="Kalender",
        table="Meddelandena och varför de går den dagen",
        decided="Beslutat utöver filerna",
        decided_short="förlängd tid eller paus",
        today="i dag",
        week="v",
        weekend="veckoslut",
        closed="stängd dag",
        quiet="tyst dag",
        nothing="Inget går ut.",
        when="När",
        mail="Meddelande",
        to="Till",
        why="Varför den dagen",
        state="Läge",
        to_parties=("ansvarig part", "ansvariga parter"),
        coordinator="samordnaren",
        as_of="Läget {moment}.",
        no_store="Det finns ingen databas ännu: vad som har skickats är inte känt.",
        not_armed="Utskicket är inte påslaget: inget går ut före kommandot `reminder arm`.",
        planned_date="preliminärt",
        marks={MarkKind.ANCHOR: "ankare", MarkKind.DEADLINE: "sista svarsdag", MarkKind.CLOSES: "rundan slutar"},
        spells={
            SpellKind.EXTENSION: "förlängd tid",
            SpellKind.PAUSE: "utskick i paus",
            SpellKind.AWAY: "frånvarande",
            SpellKind.OTHER: "beslut",
        },
        spell_until="{start} – {until}",
        spell_open="från {start}, tills annat beslutas",
        states={
            MailState.PLANNED: "går ut",
            MailState.DUE: "väntar på att gå ut",
            MailState.WAITING_APPROVAL: "väntar på ditt godkännande",
            MailState.SENT: "skickat",
            MailState.SKIPPED: "skickades inte",
            MailState.NOT_NEEDED: "behövs inte",
            MailState.UNKNOWN: "",
        },
        reasons={
            "approval": "du tillfrågas först",
            "collapsed": "ett nyare meddelande ersatte det",
            "complete": "allt är rapporterat",
            "expired": "dess tid var förbi",
            "before_arm": "var aktuellt redan innan utskicket slogs på",
            "all_clear": "inget krävde samordnarens åtgärder",
            "enough": "tillräckligt många har skickats, saken går till samordnaren",
            "cancelled": "återkallat",
            "failed": "kunde inte skickas",
        },
        skip="Gå till meddelandena",
        picture="Kalenderbild",
    ),
    "en": YearWords(
        title="The year in mails",
        lead="Every mail that goes out: when, to whom, which, and why on that day. Who has reported everything gets no more.",
        legend="Signs",
        calendar="Calendar",
        table="The mails, and why they leave on that day",
        decided="Decided beside the files",
        decided_short="extension or pause",
        today="today",
        week="wk",
        weekend="weekend",
        closed="closed day",
        quiet="quiet day",
        nothing="Nothing goes out.",
        when="When",
        mail="Mail",
        to="To",
        why="Why this date",
        state="Standing",
        to_parties=("party", "parties"),
        coordinator="the coordinator",
        as_of="As of {moment}.",
        no_store="There is no database yet: what was sent is not known.",
        not_armed="Sending is not armed: nothing goes out before `reminder arm`.",
        planned_date="planned",
        marks={MarkKind.ANCHOR: "anchor", MarkKind.DEADLINE: "deadline", MarkKind.CLOSES: "round closes"},
        spells={
            SpellKind.EXTENSION: "extension",
            SpellKind.PAUSE: "sending paused",
            SpellKind.AWAY: "away",
            SpellKind.OTHER: "decision",
        },
        spell_until="{start} – {until}",
        spell_open="from {start}, until decided otherwise",
        states={
            MailState.PLANNED: "goes out",
            MailState.DUE: "waits to go out",
            MailState.WAITING_APPROVAL: "waits for your approval",
            MailState.SENT: "sent",
            MailState.SKIPPED: "not sent",
            MailState.NOT_NEEDED: "not needed",
            MailState.UNKNOWN: "",
        },
        reasons={
            "approval": "you are asked first",
            "collapsed": "a newer mail took its place",
            "complete": "everything is reported",
            "expired": "its time was over",
            "before_arm": "was due before sending was armed",
            "all_clear": "nothing was the coordinator's to do",
            "enough": "enough mails were sent, the coordinator takes over",
            "cancelled": "cancelled",
            "failed": "could not be sent",
        },
        skip="Go to the mails",
        picture="Calendar picture",
    ),
}

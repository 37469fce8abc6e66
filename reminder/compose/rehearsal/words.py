"""The words of the page of a rehearsal in three languages. A capital letter marks what was sent, a small one what came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reminder.compose.kinds import kind_name
from reminder.compose.rehearsal.views import Cause, Character, SignKind
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalWords:
    """What the page says."""

    title: str
    lead: str
    private: str
    how: str
    sound: str
    unsound: str
    troubled: str
    cut_short: str
    public_page: str
    time_line: str
    use: str
    legend: str
    sent: str
    received: str
    table: str
    one_party: str
    all_parties: str
    coordinator: str
    contributor: str
    open_mail: str
    from_: str
    subject: str
    letters: Mapping[SignKind, str]
    kinds: Mapping[SignKind, str]
    """Of the kinds that are no steps of a schedule."""
    characters: Mapping[Character, str]
    causes: Mapping[Cause, str]
    answers_to: str
    waited: str
    result: str
    complete: str
    late: str
    nothing: str
    begins: str
    cast: str
    folded: str
    fold: str
    is_past: str
    columns: tuple[str, str, str, str]
    """Headings on the terminal: party, how it answers, what came of it, how many mails it got."""


_SIGNS = tuple(SignKind)


def _letters(written: str) -> Mapping[SignKind, str]:
    return dict(zip(_SIGNS, written.split(), strict=True))


WORDS: Mapping[Language, RehearsalWords] = {
    "fi": RehearsalWords(
        title="Harjoitus",
        lead="Näin vuosi kulkisi näillä tiedostoilla. Mitään ei lähetetty: vastaukset ovat keksittyjä, palvelimet vain tässä koneessa.",
        private="Vain ylläpitäjälle: sivulla on tiedostojen sähköpostiosoitteet, jotka ovat henkilötietoja. Älä julkaise.",
        how="{rounds}. Harjoiteltiin {first} – {last}, siemenluku {seed}, vastaajat {shares}.",
        sound="Jokainen kirjattu tila on täsmälleen se, minkä vastaajat sanoivat.",
        unsound="Kirjattu ei ole sama kuin sanottu:",
        troubled="Palvelu ei voinut tehdä tätä:",
        cut_short="Keskeytettiin {day}. Tässä on se, mitä siihen mennessä tapahtui.",
        public_page="Julkinen sivu harjoituksen lopussa",
        time_line="Aikajana",
        use="Osoita tai napauta merkkiä: näet viestin aiheen ja pääset viestiin. Nimestä avautuu vastuutahon oma sivu.",
        legend="Merkit",
        sent="lähetetty",
        received="saatu",
        table="Kaikki viestit",
        one_party="Vastuutahon viestit",
        all_parties="Kaikki vastuutahot",
        coordinator="koordinaattori",
        contributor="mukana, ei vastaa tilasta",
        open_mail="Avaa viesti",
        from_="Keneltä",
        subject="Aihe",
        letters=_letters("L E P M V Y I K T ? H ! v o x z h"),
        kinds={
            SignKind.ACKNOWLEDGEMENT: "kuittaus",
            SignKind.QUESTION: "tarkentava kysymys",
            SignKind.PREVIEW: "hyväksyttäväksi",
            SignKind.ALERT: "hälytys",
            SignKind.ANSWER: "vastaus",
            SignKind.PART: "osittainen vastaus",
            SignKind.UNCLEAR: "epäselvä vastaus",
            SignKind.AUTOMATIC: "poissaoloviesti",
            SignKind.APPROVAL: "hyväksyntä",
        },
        characters={
            Character.EARLY: "vastaa heti",
            Character.TIMELY: "vastaa ajoissa",
            Character.LATE: "vastaa myöhässä",
            Character.PART: "vastaa osittain, loput muistutuksesta",
            Character.NEVER: "ei vastaa",
            Character.WRONG: "vastaa ensin epäselvästi",
            Character.AWAY: "poissa, vastaa palattuaan",
        },
        causes={
            Cause.REPLY: "vastaa saatuun viestiin",
            Cause.ASKS_FIRST: "koordinaattorilta kysytään ennen kuin tämän lajin ensimmäiset viestit lähtevät",
            Cause.TROUBLE: "jotakin, mistä ihmisen pitää tietää",
            Cause.CHARACTER: "näin tämä vastuutaho vastaa",
            Cause.RECEIVED: "kone vastaa heti",
            Cause.APPROVES: "koordinaattori hyväksyy sen, mitä näytettiin",
        },
        answers_to="vastaa viestiin ”{subject}”",
        waited="odotti koordinaattorin hyväksyntää",
        result="{answered}/{asked}",
        complete="valmis {day}",
        late="myöhässä",
        nothing="ei mitään",
        begins="Harjoitellaan {rounds}, {first} – {last}, omilla palvelimilla. Mitään ei lähetetä, eikä mikään sinun tietosi muutu.",
        folded="{count} päivää, joina ei tapahdu mitään",
        fold="päiviä jätetty pois",
        cast="Vastuutahoja {count}, vastaukset {shares}, siemenluku {seed}.",
        is_past="Yhtään kierrosta ei ole edessä; harjoitellaan viimeistä.",
        columns=("vastuutaho", "miten vastaa", "tulos", "viestejä"),
    ),
    "sv": RehearsalWords(
        title="Övning",
        lead="Så här skulle året gå med dessa filer. Inget har skickats: svaren är påhittade, servrarna finns bara i den här datorn.",
        private="Endast för administratören: sidan har filernas e-postadresser, som är personuppgifter. Publicera den inte.",
        how="{rounds}. Övades {first} – {last}, frö {seed}, svarande {shares}.",
        sound="Varje antecknat läge är precis det som parterna sade.",
        unsound="Det antecknade är inte det sagda:",
        troubled="Det här kunde tjänsten inte göra:",
        cut_short="Avbröts {day}. Här är det som hann hända.",
        public_page="Den offentliga sidan vid övningens slut",
        time_line="Tidslinje",
        use="Peka på eller tryck på ett tecken: du ser ämnet och kommer till meddelandet. Namnet öppnar partens egen sida.",
        legend="Tecken",
        sent="skickat",
        received="mottaget",
        table="Alla meddelanden",
        one_party="Partens meddelanden",
        all_parties="Alla parter",
        coordinator="samordnaren",
        contributor="medverkar, svarar inte för läget",
        open_mail="Öppna meddelandet",
        from_="Från",
        subject="Ämne",
        letters=_letters("L F B P S Ö C D K ? G ! s d x z g"),
        kinds={
            SignKind.ACKNOWLEDGEMENT: "kvittens",
            SignKind.QUESTION: "motfråga",
            SignKind.PREVIEW: "för godkännande",
            SignKind.ALERT: "larm",
            SignKind.ANSWER: "svar",
            SignKind.PART: "delsvar",
            SignKind.UNCLEAR: "oklart svar",
            SignKind.AUTOMATIC: "frånvaromeddelande",
            SignKind.APPROVAL: "godkännande",
        },
        characters={
            Character.EARLY: "svarar genast",
            Character.TIMELY: "svarar i tid",
            Character.LATE: "svarar för sent",
            Character.PART: "svarar delvis, resten efter påminnelse",
            Character.NEVER: "svarar inte",
            Character.WRONG: "svarar först oklart",
            Character.AWAY: "är borta, svarar efteråt",
        },
        causes={
            Cause.REPLY: "svarar på ett mottaget meddelande",
            Cause.ASKS_FIRST: "samordnaren tillfrågas innan de första meddelandena av detta slag går ut",
            Cause.TROUBLE: "något som en människa bör få veta",
            Cause.CHARACTER: "så svarar den här parten",
            Cause.RECEIVED: "en maskin svarar genast",
            Cause.APPROVES: "samordnaren godkänner det som visades",
        },
        answers_to="svarar på ”{subject}”",
        waited="väntade på samordnarens godkännande",
        result="{answered}/{asked}",
        complete="klar {day}",
        late="för sent",
        nothing="inget",
        begins="Övar {rounds}, {first} – {last}, på egna servrar. Inget skickas, och inget av ditt ändras.",
        folded="{count} dagar då inget händer",
        fold="utelämnade dagar",
        cast="Parter: {count}, svar {shares}, frö {seed}.",
        is_past="Ingen runda ligger framför; den sista övas.",
        columns=("part", "hur den svarar", "utfall", "meddelanden"),
    ),
    "en": RehearsalWords(
        title="Rehearsal",
        lead="How the year would go with these files. Nothing was sent: the answers are made up, the servers run on this machine only.",
        private="For the admin only: this page holds the addresses of your files, which are personal data. Do not publish it.",
        how="{rounds}. Played {first} – {last}, seed {seed}, answers {shares}.",
        sound="Every light in the database is exactly what the parties said.",
        unsound="What was recorded is not what was said:",
        troubled="The service could not do this:",
        cut_short="Interrupted on {day}. Here is what had happened by then.",
        public_page="The public page at the end of the rehearsal",
        time_line="Time line",
        use="Point at a mark or tap it: you see the subject, and a link to the mail. A name opens the page of that party.",
        legend="Signs",
        sent="sent",
        received="received",
        table="Every mail",
        one_party="The mails of this party",
        all_parties="All parties",
        coordinator="the coordinator",
        contributor="contributes, owes no answer",
        open_mail="Open the mail",
        from_="From",
        subject="Subject",
        letters=_letters("C N R M L O E D A ? P ! a p x z y"),
        kinds={
            SignKind.ACKNOWLEDGEMENT: "acknowledgement",
            SignKind.QUESTION: "question back",
            SignKind.PREVIEW: "for approval",
            SignKind.ALERT: "alert",
            SignKind.ANSWER: "answer",
            SignKind.PART: "part of an answer",
            SignKind.UNCLEAR: "unclear answer",
            SignKind.AUTOMATIC: "out-of-office note",
            SignKind.APPROVAL: "approval",
        },
        characters={
            Character.EARLY: "answers early",
            Character.TIMELY: "answers in time",
            Character.LATE: "answers late",
            Character.PART: "answers in part, the rest when reminded",
            Character.NEVER: "never answers",
            Character.WRONG: "answers unclearly at first",
            Character.AWAY: "is away, answers after the return",
        },
        causes={
            Cause.REPLY: "answers a mail that came in",
            Cause.ASKS_FIRST: "the coordinator is asked before the first mails of this kind leave",
            Cause.TROUBLE: "something that a person must know",
            Cause.CHARACTER: "so this party answers",
            Cause.RECEIVED: "a machine answers at once",
            Cause.APPROVES: "the coordinator approves what was shown",
        },
        answers_to="answers “{subject}”",
        waited="waited for the coordinator's approval",
        result="{answered}/{asked}",
        complete="complete {day}",
        late="late",
        nothing="nothing",
        begins="Rehearsing {rounds}, {first} – {last}, on servers of its own. Nothing is sent, and nothing of yours is changed.",
        folded="{count} days on which nothing happens",
        fold="days left out",
        cast="Parties: {count}, answers {shares}, seed {seed}.",
        is_past="No round lies ahead; the last one is rehearsed.",
        columns=("party", "how it answers", "outcome", "mails"),
    ),
}


def name_sign(kind: SignKind, language: Language) -> str:
    """The noun for a mark."""
    return WORDS[language].kinds.get(kind) or kind_name(StepKind(kind.value), language)

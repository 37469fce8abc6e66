"""The words of the public page in each language; sentences with numbers are written here, since grammar follows the number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reminder.domain.assessments import Phase, ReportState, TrafficLight
from reminder.domain.programme import Language
from reminder.report.lights import LightTally
from reminder.report.overdue import RoundFigures

LIGHT_WORDS: Mapping[Language, Mapping[TrafficLight, str]] = {
    "fi": {TrafficLight.GREEN: "vihreä", TrafficLight.YELLOW: "keltainen", TrafficLight.RED: "punainen"},
    "sv": {TrafficLight.GREEN: "grön", TrafficLight.YELLOW: "gul", TrafficLight.RED: "röd"},
    "en": {TrafficLight.GREEN: "green", TrafficLight.YELLOW: "yellow", TrafficLight.RED: "red"},
}
LIGHT_SHAPES: Mapping[TrafficLight, str] = {TrafficLight.GREEN: "●", TrafficLight.YELLOW: "▲", TrafficLight.RED: "■"}

PHASE_WORDS: Mapping[Language, Mapping[Phase, str]] = {
    "fi": {
        Phase.NOT_STARTED: "ei aloitettu",
        Phase.ONGOING: "käynnissä",
        Phase.DONE: "valmis",
        Phase.POSTPONED: "lykätty",
        Phase.DROPPED: "poistettu ohjelmasta",
        Phase.MERGED: "yhdistetty toiseen",
    },
    "sv": {
        Phase.NOT_STARTED: "ej påbörjad",
        Phase.ONGOING: "pågår",
        Phase.DONE: "genomförd",
        Phase.POSTPONED: "uppskjuten",
        Phase.DROPPED: "struken ur programmet",
        Phase.MERGED: "sammanslagen med en annan",
    },
    "en": {
        Phase.NOT_STARTED: "not started",
        Phase.ONGOING: "ongoing",
        Phase.DONE: "done",
        Phase.POSTPONED: "postponed",
        Phase.DROPPED: "dropped",
        Phase.MERGED: "merged into another",
    },
}

REPORT_WORDS: Mapping[Language, Mapping[ReportState, str]] = {
    "fi": {
        ReportState.RECEIVED: "arvioitu",
        ReportState.AWAITED: "arviota odotetaan",
        ReportState.OVERDUE: "arvio myöhässä",
        ReportState.NOT_ASKED: "ei kysytty",
    },
    "sv": {
        ReportState.RECEIVED: "bedömd",
        ReportState.AWAITED: "bedömning inväntas",
        ReportState.OVERDUE: "bedömningen försenad",
        ReportState.NOT_ASKED: "inte efterfrågad",
    },
    "en": {
        ReportState.RECEIVED: "assessed",
        ReportState.AWAITED: "assessment awaited",
        ReportState.OVERDUE: "assessment overdue",
        ReportState.NOT_ASKED: "not asked",
    },
}

DEFAULT_LEGEND: Mapping[TrafficLight, Mapping[Language, str]] = {
    TrafficLight.GREEN: {
        "fi": "Toteutunut tai etenee suunnitellusti, toimia ei tarvita.",
        "sv": "Genomförd eller framskrider enligt plan, inga åtgärder behövs.",
        "en": "Done or going to plan, nothing needed.",
    },
    TrafficLight.YELLOW: {
        "fi": "Viivästynyt tai toteutunut osittain, vastuutaho korjaa itse.",
        "sv": "Försenad eller delvis genomförd, den ansvariga parten rättar till.",
        "en": "Late or partly done, the party puts it right.",
    },
    TrafficLight.RED: {
        "fi": "Ei toteudu ilman päätöstä tai lisää rahaa tai väkeä.",
        "sv": "Genomförs inte utan beslut eller mer pengar eller personal.",
        "en": "Will not happen without a decision, money or people.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """The fixed words of the page in one language."""

    language_name: str
    lead: str
    skip: str
    updated: str
    overview: str
    no_light: str
    no_light_explained: str
    awaited: str
    awaited_explained: str
    not_asked: str
    number: str
    action: str
    party: str
    light: str
    phase: str
    reported: str
    contributors: str
    next_step: str
    later: str
    later_explained: str
    years: str
    legend: str
    data: str
    data_link: str
    accessibility: str
    back: str
    case_number: str
    languages: str


PAGE_WORDS: Mapping[Language, PageWords] = {
    "fi": PageWords(
        language_name="Suomi",
        lead="Vastuutahojen omat arviot toimenpiteiden etenemisestä. Sivu päivittyy aina, kun uusi arvio saapuu.",
        skip="Siirry sisältöön",
        updated="Päivitetty",
        overview="Tilanne nyt",
        no_light="ei valoa",
        no_light_explained="Vastuutaho ilmoitti toteutusvaiheen, mutta ei liikennevaloa.",
        awaited="odottaa",
        awaited_explained="Vastuutaho ei ole vielä raportoinut. Puuttuva arvio ei ole huono arvio.",
        not_asked="ei kysytty",
        number="Nro",
        action="Toimenpide",
        party="Vastuutaho",
        light="Liikennevalo",
        phase="Vaihe",
        reported="Arvioitu",
        contributors="Mukana",
        next_step="Seuraavaksi",
        later="Muut ohjelman toimenpiteet",
        later_explained="Näitä ei ole vielä kysytty. Niiden vuoro tulee toteutusvuosien mukaan.",
        years="Toteutusvuodet",
        legend="Mitä valot tarkoittavat",
        data="Avoin data",
        data_link="Samat tiedot koneluettavina (JSON)",
        accessibility="Saavutettavuusseloste",
        back="Takaisin seurantaan",
        case_number="Asianumero",
        languages="Kielet",
    ),
    "sv": PageWords(
        language_name="Svenska",
        lead="De ansvariga parternas egna bedömningar av hur åtgärderna framskrider. Sidan uppdateras när en ny bedömning kommer in.",
        skip="Hoppa till innehållet",
        updated="Uppdaterad",
        overview="Läget nu",
        no_light="inget ljus",
        no_light_explained="Den ansvariga parten angav genomförandefas men inget trafikljus.",
        awaited="inväntas",
        awaited_explained="Den ansvariga parten har ännu inte rapporterat. En bedömning som saknas är inte en dålig bedömning.",
        not_asked="inte efterfrågad",
        number="Nr",
        action="Åtgärd",
        party="Ansvarig part",
        light="Trafikljus",
        phase="Fas",
        reported="Bedömd",
        contributors="Medverkar",
        next_step="Härnäst",
        later="Programmets övriga åtgärder",
        later_explained="Dessa har ännu inte efterfrågats. Deras tur kommer enligt genomförandeåren.",
        years="Genomförandeår",
        legend="Vad ljusen betyder",
        data="Öppna data",
        data_link="Samma uppgifter i maskinläsbar form (JSON)",
        accessibility="Tillgänglighetsutlåtande",
        back="Tillbaka till uppföljningen",
        case_number="Ärendenummer",
        languages="Språk",
    ),
    "en": PageWords(
        language_name="English",
        lead="How the responsible parties themselves assess the progress of their actions. Updated whenever a new assessment comes in.",
        skip="Skip to content",
        updated="Updated",
        overview="Where things stand",
        no_light="no light",
        no_light_explained="The party named the phase, but no traffic light.",
        awaited="awaited",
        awaited_explained="The party has not reported yet. A missing assessment is not a bad one.",
        not_asked="not asked",
        number="No.",
        action="Action",
        party="Responsible party",
        light="Traffic light",
        phase="Phase",
        reported="Assessed",
        contributors="Contributing",
        next_step="Next",
        later="Other actions of the programme",
        later_explained="These have not been asked about yet. Their turn comes with their years.",
        years="Years",
        legend="What the lights mean",
        data="Open data",
        data_link="The same facts for machines (JSON)",
        accessibility="Accessibility statement",
        back="Back to the follow-up",
        case_number="Case number",
        languages="Languages",
    ),
}


def write_summary(language: Language, tally: LightTally, figures: RoundFigures) -> str:
    """The overview in two sentences."""
    assessed, total, awaited = tally.assessed, tally.assessed + tally.awaited, tally.awaited
    complete, parties = figures.complete, figures.parties
    if language == "fi":
        rest = f", {awaited} odottaa vielä" if awaited else ""
        return f"{total} toimenpiteestä {assessed} on arvioitu{rest}. {parties} vastuutahosta {complete} on raportoinut kaikki omansa."
    if language == "sv":
        rest = f", {awaited} väntar ännu" if awaited else ""
        return (
            f"Av {_counted(total, 'åtgärd', 'åtgärder')} har {assessed} bedömts{rest}. "
            f"Av {_counted(parties, 'ansvarig part', 'ansvariga parter')} har {complete} rapporterat allt sitt."
        )
    rest = f", {awaited} {'is' if awaited == 1 else 'are'} still awaited" if awaited else ""
    have, all_have = ("has" if count == 1 else "have" for count in (assessed, complete))
    return (
        f"{assessed} of {_counted(total, 'action', 'actions')} {have} been assessed{rest}. "
        f"{complete} of {_counted(parties, 'responsible party', 'responsible parties')} {all_have} reported everything."
    )


def write_date(language: Language, day: date) -> str:
    """A date as the language writes it on a page: 28.2.2025, or 28 February 2025 in English."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if language == "en" else f"{day.day}.{day.month}.{day.year}"


def write_years(years: frozenset[int]) -> str:
    """`2024`, `2024–2027` where unbroken, else `2024, 2026`."""
    ordered = sorted(years)
    if len(ordered) > 1 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{ordered[0]}–{ordered[-1]}"
    return ", ".join(str(year) for year in ordered)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

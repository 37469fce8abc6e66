"""The words of the report in each language; sentences with numbers are written here, since grammar follows the number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reminder.domain.programme import LANGUAGES, Language
from reminder.report.lights import LightTally
from reminder.report.site.words import count_actions

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "report": ("Seurantaraportti", "Uppföljningsrapport", "Follow-up report"),
    "city": ("Kaupunki", "Stad", "City"),
    "office": ("Valmistelija", "Beredare", "Prepared by"),
    "case_number": ("Asianumero", "Ärendenummer", "Case number"),
    "decided": ("Ohjelma hyväksytty", "Programmet godkänt", "Programme adopted"),
    "round": ("Raportointikierros", "Rapporteringsrunda", "Reporting round"),
    "due_on": ("Raporttien määräaika", "Tidsfrist för rapporterna", "Reports due"),
    "as_of": ("Tilanne", "Läget den", "As of"),
    "summary": ("Yhteenveto", "Sammanfattning", "Summary"),
    "proposal": ("Ehdotus päätökseksi", "Förslag till beslut", "Proposal for a decision"),
    "proposal_note": (
        "Ehdotus on koottu valoista; esittelijä muokkaa sen.",
        "Förslaget är sammanställt utifrån ljusen; föredraganden redigerar det.",
        "Put together from the lights; for the presenter to edit.",
    ),
    "by_area": ("Valot painopisteittäin", "Ljusen per fokusområde", "Lights by focus area"),
    "area": ("Painopiste", "Fokusområde", "Focus area"),
    "no_area": ("Ilman painopistettä", "Utan fokusområde", "Without a focus area"),
    "total": ("Yhteensä", "Totalt", "Total"),
    "red": ("Punaiset toimenpiteet", "Röda åtgärder", "Red actions"),
    "yellow": ("Keltaiset toimenpiteet", "Gula åtgärder", "Yellow actions"),
    "none_red": ("Yksikään toimenpide ei ole punainen.", "Ingen åtgärd är röd.", "No action is red."),
    "none_yellow": ("Yksikään toimenpide ei ole keltainen.", "Ingen åtgärd är gul.", "No action is yellow."),
    "number": ("Nro", "Nr", "No."),
    "action": ("Toimenpide", "Åtgärd", "Action"),
    "party": ("Vastuutaho", "Ansvarig part", "Responsible party"),
    "reason": ("Perustelu", "Motivering", "Reason"),
    "next": ("Ehdotettu seuraava vaihe", "Föreslaget nästa steg", "Proposed next step"),
    "light": ("Valo", "Ljus", "Light"),
    "phase": ("Vaihe", "Fas", "Phase"),
    "before": ("Edellinen valo", "Förra ljuset", "Light before"),
    "now": ("Valo nyt", "Ljuset nu", "Light now"),
    "trend": ("Suunta", "Riktning", "Trend"),
    "no_reason": ("ei julkaistua perustelua", "ingen publicerad motivering", "no published reason"),
    "disagreements": ("Eriävät arviot", "Skiljaktiga bedömningar", "Differing assessments"),
    "party_light": ("Vastuutahon valo", "Partens ljus", "The party's light"),
    "judged": ("Jaoston valo", "Sektionens ljus", "The sub-committee's light"),
    "judged_reason": ("Jaoston perustelu", "Sektionens motivering", "The sub-committee's reason"),
    "never_judged": (
        "Jaosto ei ole antanut tällä kierroksella omia valoja.",
        "Sektionen har inte gett egna ljus under denna runda.",
        "The sub-committee has given no lights of its own in this round.",
    ),
    "all_agree": (
        "Jaosto on antanut saman valon kuin vastuutaho kaikissa arvioimissaan toimenpiteissä.",
        "Sektionen har gett samma ljus som den ansvariga parten för alla åtgärder som den har bedömt.",
        "The sub-committee has given the same light as the responsible party for every action that it assessed.",
    ),
    "others_differ": (
        "Mukana olevien erilaiset valot",
        "Medverkandes avvikande ljus",
        "Contributors who gave another light",
    ),
    "contributor": ("Mukana oleva taho", "Medverkande part", "Contributor"),
    "contributor_light": ("Tämän valo", "Dennas ljus", "Its light"),
    "missing": ("Ketkä eivät ole raportoineet", "Vem har inte rapporterat", "Who has not reported"),
    "missing_none": ("Kaikki ovat raportoineet.", "Alla har rapporterat.", "Everybody has reported."),
    "missing_numbers": ("Puuttuvat toimenpiteet", "Saknade åtgärder", "Missing actions"),
    "standing": ("Tilanne", "Läge", "Standing"),
    "due": ("Määräaika", "Tidsfrist", "Due"),
    "late": ("myöhässä", "försenad", "overdue"),
    "awaited": ("odottaa", "inväntas", "awaited"),
    "changes": ("Muutokset edellisestä kierroksesta", "Ändringar sedan förra rundan", "Changes since the last round"),
    "never_before": (
        "Vertailua ei ole: tätä ennen ei ole raportoitu.",
        "Ingen jämförelse: detta är den första rapporteringen.",
        "Nothing to compare with: this is the first report.",
    ),
    "better": ("parempi", "bättre", "better"),
    "worse": ("huonompi", "sämre", "worse"),
    "survey": ("Jäsenkysely", "Medlemsenkät", "Survey of the members"),
    "appendix": ("Liite: kaikki toimenpiteet", "Bilaga: alla åtgärder", "Appendix: all actions"),
    "legend": ("Mitä valot tarkoittavat", "Vad ljusen betyder", "What the lights mean"),
    "other": ("ei valoa", "inget ljus", "no light"),
    "years": ("Vuodet", "År", "Years"),
    "goal": ("Tavoite", "Mål", "Goal"),
    "contributors": ("Mukana", "Medverkar", "Contributing"),
    "updated": ("Arvioitu", "Bedömd", "Assessed"),
    "report_state": ("Raportti", "Rapport", "Report"),
    "parties": ("Vastuutahot", "Ansvariga parter", "Responsible parties"),
    "actions": ("Toimenpiteet", "Åtgärder", "Actions"),
    "areas": ("Painopisteet", "Fokusområden", "Focus areas"),
    "about": ("Tietoja", "Uppgifter", "About"),
    "next_on": ("Seuraava vaihe viimeistään", "Nästa steg senast", "Next step by"),
    "green_word": ("vihreä", "grön", "green"),
    "yellow_word": ("keltainen", "gul", "yellow"),
    "red_word": ("punainen", "röd", "red"),
    "other_word": ("ei valoa", "inget ljus", "no light"),
    "awaited_word": ("odottaa", "inväntas", "awaited"),
    "not_asked_word": ("ei kysytty", "inte efterfrågad", "not asked"),
}


def words_of(language: Language) -> Mapping[str, str]:
    """All words in one language."""
    index = LANGUAGES.index(language)
    return {key: texts[index] for key, texts in _WORDS.items()}


def tell_lights(language: Language, tally: LightTally) -> str:
    """The lights of the round in one sentence."""
    green, yellow, red, other = tally.green, tally.yellow, tally.red, tally.other
    if language == "fi":
        rest = f"; {other}:stä ilmoitettiin vain vaihe" if other else ""
        return f"Vihreitä on {green}, keltaisia {yellow} ja punaisia {red}{rest}."
    if language == "sv":
        rest = f"; för {other} angavs endast fas" if other else ""
        return f"Gröna är {green}, gula {yellow} och röda {red}{rest}."
    rest = f"; for {other} only the phase was named" if other else ""
    return f"Green: {green}, yellow: {yellow}, red: {red}{rest}."


def tell_differing(language: Language, count: int) -> str:
    """In how many actions the sub-committee gave another light; empty where in none."""
    if not count:
        return ""
    told = count_actions(language, count)
    if language == "fi":
        return f"Jaosto on antanut eri valon kuin vastuutaho: {told}."
    if language == "sv":
        return f"Sektionen har gett ett annat ljus än den ansvariga parten för {told}."
    return f"The sub-committee gave another light than the responsible party for {told}."


def tell_withheld(language: Language, count: int) -> str:
    """That texts are left out because nobody has published them; empty where none are."""
    if not count:
        return ""
    if language == "fi":
        return "Yhden toimenpiteen sanoja ei ole julkaistu." if count == 1 else f"{count} toimenpiteen sanoja ei ole julkaistu."
    if language == "sv":
        return f"Texterna om {count_actions(language, count)} har inte publicerats."
    return f"The texts on {count_actions(language, count)} have not been published."


def propose(language: Language, title: str, red: Sequence[str], missing: Sequence[str]) -> tuple[str, ...]:
    """The points of the proposal: the report is noted, the red actions are dealt with, who has not reported is asked to."""
    told_red, told_missing = ", ".join(red), ", ".join(missing)
    if language == "fi":
        points = [f"Kaupunginhallitus merkitsee tiedoksi raportin ”{title}”."]
        points += [f"Kaupunginhallitus päättää jatkotoimista punaisissa toimenpiteissä: {told_red}."] if red else []
        points += [f"Kaupunginhallitus kehottaa vielä puuttuvia vastuutahoja raportoimaan viipymättä: {told_missing}."] if missing else []
    elif language == "sv":
        points = [f"Stadsstyrelsen antecknar rapporten ”{title}” för kännedom."]
        points += [f"Stadsstyrelsen beslutar om fortsatta åtgärder i fråga om de röda åtgärderna: {told_red}."] if red else []
        points += (
            [f"Stadsstyrelsen uppmanar de parter som ännu inte har rapporterat att göra det utan dröjsmål: {told_missing}."]
            if missing
            else []
        )
    else:
        points = [f"The city executive notes the report “{title}”."]
        points += [f"The city executive decides what is to follow for the red actions: {told_red}."] if red else []
        points += [f"The city executive asks those that have not reported to do so without delay: {told_missing}."] if missing else []
    return tuple(points)


def tell_bar(language: Language, name: str, tally: LightTally) -> str:
    """One bar of the chart in words, such as `Matkailu: vihreä 3, punainen 1`."""
    words, keys = words_of(language), ("green", "yellow", "red", "other", "awaited")
    told = [f"{words[key + '_word']} {getattr(tally, key)}" for key in keys if getattr(tally, key)]
    return f"{name}: {', '.join(told) or '–'}"

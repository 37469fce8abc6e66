"""The words of the public site, each in Finnish, Swedish and English. What follows a number is written by functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import LANGUAGES, Language
from reminder.report.site.meetings import MeetingView
from reminder.report.site.views import Change, PartyView, RoundView, SiteView
from reminder.report.words import LIGHT_WORDS, PHASE_WORDS, write_date

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "overview": ("Yleiskuva", "Översikt", "Overview"),
    "actions": ("Toimenpiteet", "Åtgärder", "Actions"),
    "areas": ("Painopisteet", "Fokusområden", "Focus areas"),
    "area": ("Painopiste", "Fokusområde", "Focus area"),
    "no_area": ("Ilman painopistettä", "Utan fokusområde", "Without a focus area"),
    "parties": ("Vastuutahot", "Ansvariga parter", "Responsible parties"),
    "changes": ("Muutokset", "Ändringar", "Changes"),
    "data": ("Avoin data", "Öppna data", "Open data"),
    "about": ("Tietoa seurannasta", "Om uppföljningen", "About"),
    "sections": ("Sivut", "Sidor", "Pages"),
    "programmes": ("Muut ohjelmat", "Andra program", "Other programmes"),
    "now": ("Tilanne nyt", "Läget nu", "Where things stand"),
    "worst": ("Punaiset ja keltaiset", "Röda och gula", "Red and yellow"),
    "worst_none": (
        "Yksikään toimenpide ei ole nyt punainen tai keltainen.",
        "Ingen åtgärd är just nu röd eller gul.",
        "No action is red or yellow just now.",
    ),
    "missing": ("Kuka ei ole vielä raportoinut", "Vem har ännu inte rapporterat", "Who has not reported yet"),
    "missing_none": ("Kaikki ovat raportoineet.", "Alla har rapporterat.", "Everybody has reported."),
    "compared": ("Mikä on muuttunut edellisestä kerrasta", "Vad har ändrats sedan förra gången", "What has changed since last time"),
    "compared_none": ("Yhdenkään toimenpiteen valo ei ole muuttunut.", "Inget ljus har ändrats.", "No light has changed."),
    "compared_never": (
        "Vertailua ei ole: tätä ennen ei ole raportoitu.",
        "Ingen jämförelse: detta är den första rapporteringen.",
        "Nothing to compare with: this is the first report.",
    ),
    "better": ("parempi", "bättre", "better"),
    "worse": ("huonompi", "sämre", "worse"),
    "same": ("sama", "samma", "same"),
    "before": ("Edellinen", "Förra", "Before"),
    "after": ("Nyt", "Nu", "Now"),
    "trend": ("Suunta", "Riktning", "Trend"),
    "by_area": ("Valot painopisteittäin", "Ljusen per fokusområde", "Lights by focus area"),
    "over_rounds": ("Valot kierroksittain", "Ljusen per omgång", "Lights over the rounds"),
    "round": ("Kierros", "Omgång", "Round"),
    "progress": ("Kierroksen eteneminen", "Omgångens framskridande", "Progress of the round"),
    "answered": ("Arvioitu", "Bedömda", "Assessed"),
    "answered_so_far": ("Arvioituja yhteensä", "Bedömda totalt", "Assessed in all"),
    "day": ("Päivä", "Dag", "Day"),
    "total": ("Yhteensä", "Totalt", "Total"),
    "share": ("Osuudet", "Andelar", "Shares"),
    "as_table": ("Sama taulukkona", "Samma som tabell", "The same as a table"),
    "asked_on": ("Pyydetty", "Begärd", "Asked"),
    "due_on": ("Määräaika", "Tidsfrist", "Due"),
    "closes_on": ("Päättyy", "Avslutas", "Closes"),
    "owes": ("Puuttuu", "Saknas", "Missing"),
    "standing": ("Tilanne", "Läge", "Standing"),
    "late": ("myöhässä", "försenad", "overdue"),
    "awaited_one": ("odottaa", "inväntas", "awaited"),
    "complete": ("raportoinut kaikki", "har rapporterat allt", "has reported everything"),
    "nothing_asked": ("ei kysytty tällä kierroksella", "inget efterfrågat denna omgång", "asked for nothing in this round"),
    "all_actions": ("Kaikki toimenpiteet", "Alla åtgärder", "All actions"),
    "filter": ("Rajaa luetteloa", "Begränsa listan", "Narrow the list"),
    "search": ("Sana tai numero", "Ord eller nummer", "Word or number"),
    "any_light": ("kaikki valot", "alla ljus", "all lights"),
    "any_party": ("kaikki vastuutahot", "alla parter", "all parties"),
    "hits": ("riviä näkyvissä", "rader syns", "rows shown"),
    "sort_by": ("Järjestä", "Sortera", "Sort by"),
    "history": ("Arviot kierroksittain", "Bedömningarna per omgång", "Assessments by round"),
    "history_none": (
        "Tätä toimenpidettä ei ole vielä kysytty.",
        "Denna åtgärd har ännu inte efterfrågats.",
        "This action has not been asked about yet.",
    ),
    "programme_says": ("Mitä ohjelmassa sanotaan", "Vad programmet säger", "What the programme says"),
    "goal": ("Tavoite", "Mål", "Goal"),
    "said": ("Vastuutahon arvio", "Den ansvariga partens bedömning", "The party's assessment"),
    "party_light": ("Vastuutahon valo", "Partens ljus", "The party's light"),
    "judged": ("Jaoston valo", "Sektionens ljus", "The sub-committee's light"),
    "judged_by": ("Jaoston arvio", "Sektionens bedömning", "The sub-committee's assessment"),
    "words": ("Perustelu", "Motivering", "Reason"),
    "leads": ("Vastaa näistä", "Ansvarar för", "Leads"),
    "contributes": ("Mukana näissä", "Medverkar i", "Contributes to"),
    "no_changes": ("Muutoksia ei ole vielä.", "Inga ändringar än.", "No changes yet."),
    "changes_lead": (
        "Uusin ensin. Kun valoa korjataan, vanha valo näkyy rinnalla.",
        "Nyast först. När ett ljus rättas syns det gamla bredvid.",
        "Newest first. Where a light is corrected, the old one stands beside it.",
    ),
    "feed": ("Muutokset syötteenä (Atom)", "Ändringarna som flöde (Atom)", "Changes as a feed (Atom)"),
    "what": ("Mitä", "Vad", "What"),
    "first_light": ("Ensimmäinen arvio", "Första bedömningen", "First assessment"),
    "corrected": ("Muutettu", "Ändrad", "Changed"),
    "older_rounds": ("Kierrokset", "Omgångar", "Rounds"),
    "data_lead": (
        "Samat tiedot ohjelmille. Osoitteet ja kenttien nimet pysyvät; vanhat kierrokset jäävät paikoilleen.",
        "Samma uppgifter för program. Adresserna och fältnamnen är bestående; gamla omgångar blir kvar.",
        "The same facts for programs. Addresses and names of fields are stable; old rounds stay where they are.",
    ),
    "file": ("Tiedosto", "Fil", "File"),
    "about_lights": ("Kuka valon antaa", "Vem ger ljuset", "Who gives a light"),
    "about_lights_text": (
        "Valon antaa toimenpiteen vastuutaho itse. Muiden mukana olevien valot näkyvät vieressä, mutta niitä ei lasketa. "
        "Jaoston oma arvio, jos se on annettu, on vastuutahon valon rinnalla.",
        "Den ansvariga parten ger själv ljuset. De medverkandes ljus syns bredvid men räknas inte. "
        "Sektionens egen bedömning, om den har getts, står bredvid partens ljus.",
        "The responsible party gives the light itself. Contributors' lights stand beside it and are not counted. "
        "The sub-committee's own light, where it gave one, stands beside the party's.",
    ),
    "about_missing": ("Kun arvio puuttuu", "När en bedömning saknas", "Where a report is missing"),
    "about_missing_text": (
        "Puuttuva arvio ei ole huono arvio: se näkyy harmaana eikä koskaan punaisena. Myöhässä on se, jonka määräaika on ohi.",
        "En bedömning som saknas är inte en dålig bedömning: den är grå, aldrig röd. Försenad är den vars tidsfrist har gått ut.",
        "A missing report is not a bad one: it is grey and never red. It is overdue once its deadline has passed.",
    ),
    "about_roles": ("Tehtäviä, ei henkilöitä", "Uppgifter, inte personer", "Roles, not persons"),
    "about_roles_text": (
        "Sivusto nimeää tehtävät ja toimielimet, ei koskaan ihmisiä. Yhteystiedot ja henkilötunnukset poistetaan teksteistä.",
        "Webbplatsen nämner uppgifter och organ, aldrig människor. Kontaktuppgifter och personbeteckningar tas bort ur texterna.",
        "The site names roles and bodies, never people. Contact details and personal identity codes are taken out of the texts.",
    ),
    "about_site": ("Sivusto", "Webbplatsen", "This site"),
    "about_site_text": (
        "Sivusto ei käytä evästeitä, ei seuraa kävijöitä eikä hae mitään muualta. Se toimii ilman komentosarjoja.",
        "Webbplatsen använder inga kakor, följer inte besökare och hämtar inget från annat håll. Den fungerar utan skript.",
        "The site sets no cookies, follows no visitors and fetches nothing from elsewhere. It works without scripts.",
    ),
    "programme_link": ("Ohjelma kokonaan", "Programmet i sin helhet", "The programme in full"),
    "decided": ("Päätös", "Beslut", "Decision"),
    "up_to_date": ("Uusin arvio", "Senaste bedömning", "Newest assessment"),
    "shown_here": ("tässä", "här", "here"),
    "data_now": ("Nyt näkyvä kierros", "Omgången som visas nu", "The round shown now"),
    "data_schema": ("Kenttien kuvaus (JSON Schema)", "Beskrivning av fälten (JSON Schema)", "What the fields are (JSON Schema)"),
    "data_dates": ("Päivämäärät kalenteriin", "Datum för kalendern", "Dates for a calendar"),
    "meetings": ("Kuulemiset ja seminaari", "Höranden och seminarium", "Hearings and seminar"),
    "meetings_short": ("Kokoukset", "Möten", "Meetings"),
    "meetings_lead": (
        "Jaosto kuulee vastuutahoja ja tapaa ne seminaarissa. Ajat voivat vielä muuttua.",
        "Sektionen hör de ansvariga parterna och träffar dem vid ett seminarium. Tiderna kan ännu ändras.",
        "The sub-committee hears the responsible parties and meets them at a seminar. Times may still change.",
    ),
    "meetings_coming": ("Tulossa", "Kommande", "To come"),
    "meetings_over": ("Pidetyt", "Hållna", "Held"),
    "meeting_next": ("Seuraava kokous", "Nästa möte", "Next meeting"),
    "hearing": ("Kuulemiset", "Höranden", "Hearings"),
    "seminar": ("Seurantaseminaari", "Uppföljningsseminarium", "Follow-up seminar"),
    "cancelled": ("Peruttu", "Inställt", "Cancelled"),
    "place": ("Paikka", "Plats", "Place"),
    "heard": ("Kuultavat", "De som hörs", "Who is heard"),
    "invited": ("Kutsutut", "Inbjudna", "Invited"),
    "no_time_yet": ("Aika sovitaan vielä", "Tiden bestäms ännu", "Time yet to be set"),
    "time": ("Aika", "Tid", "Time"),
    "versions": ("Ohjelman versiot", "Programmets versioner", "Versions of the programme"),
    "version": ("Versio", "Version", "Version"),
    "versions_lead": (
        "Ohjelma elää. Tässä on jokainen versio ja mitä siinä muuttui edelliseen verrattuna, uusin ensin.",
        "Programmet lever. Här är varje version och vad som ändrades i den jämfört med den förra, nyast först.",
        "The programme is a living document. Here is each version and what it changed from the one before, newest first.",
    ),
    "versions_first": (
        "Seuranta alkoi tästä versiosta.",
        "Uppföljningen började med den här versionen.",
        "The follow-up began with this one.",
    ),
    "versions_none": (
        "Ohjelma ei ole muuttunut sen jälkeen.",
        "Programmet har inte ändrats sedan dess.",
        "The programme has not changed since.",
    ),
    "stood": ("Ennen", "Tidigare", "Before"),
    "stands": ("Nyt", "Nu", "Now"),
    "changed_in": ("Ohjelmassa muuttunut", "Ändrad i programmet", "Changed in the programme"),
    "data_versions": ("Ohjelman versiot", "Programmets versioner", "Versions of the programme"),
    "data_badge": ("Kuva muille sivustoille", "Bild för andra webbplatser", "A picture for other sites"),
}
TREND_SHAPES: Mapping[str, str] = {"better": "↗", "worse": "↘", "same": "→"}


def words_of(language: Language) -> Mapping[str, str]:
    """All words in one language."""
    index = LANGUAGES.index(language)
    return {key: texts[index] for key, texts in _WORDS.items()}


def count_actions(language: Language, count: int) -> str:
    """`3 toimenpidettä`, `1 åtgärd`, `2 actions`."""
    one, many = {"fi": ("toimenpide", "toimenpidettä"), "sv": ("åtgärd", "åtgärder"), "en": ("action", "actions")}[language]
    return f"{count} {one if count == 1 else many}"


def tell_missing(language: Language, site: SiteView) -> str:
    """Who has not reported, in one sentence."""
    parties = site.awaited
    missing, late = sum(party.missing for party in parties), sum(party.is_overdue for party in parties)
    if language == "fi":
        rest = f" Heistä {late} on myöhässä." if late else ""
        return f"{len(parties)} vastuutaholta puuttuu yhteensä {count_actions(language, missing)}.{rest}"
    if language == "sv":
        rest = f" Av dem är {late} försenade." if late else ""
        who = "ansvarig part" if len(parties) == 1 else "ansvariga parter"
        return f"{len(parties)} {who} har sammanlagt {count_actions(language, missing)} kvar.{rest}"
    who, verb = ("party", "has") if len(parties) == 1 else ("parties", "have")
    rest = f" {late} of them {'is' if late == 1 else 'are'} overdue." if late else ""
    return f"{len(parties)} {who} {verb} {count_actions(language, missing)} left to report.{rest}"


def tell_compared(language: Language, site: SiteView) -> str:
    """How the lights moved since the time before."""
    better = sum(entry.trend == "better" for entry in site.shown.entries)
    worse = sum(entry.trend == "worse" for entry in site.shown.entries)
    same = sum(entry.trend == "same" for entry in site.shown.entries)
    if language == "fi":
        return f"Edelliseen kertaan verrattuna {better} parani, {worse} huononi ja {same} pysyi samana."
    if language == "sv":
        return f"Jämfört med förra gången blev {better} bättre, {worse} sämre och {same} förblev lika."
    return f"Compared with the time before, {better} got better, {worse} got worse and {same} stayed the same."


def tell_standing(language: Language, party: PartyView) -> str:
    """How a party stands in the round, in some words."""
    words = words_of(language)
    if party.missing:
        return words["late"] if party.is_overdue else words["awaited_one"]
    return words["complete"] if party.tally.assessed else words["nothing_asked"]


def tell_change(language: Language, change: Change) -> str:
    """`keltainen → punainen`, in words."""
    now = tell_state(language, change.light, change)
    if change.is_first:
        return now
    before = (
        LIGHT_WORDS[language][change.before]
        if change.before
        else (PHASE_WORDS[language][change.before_phase] if change.before_phase else "–")
    )
    return f"{before} → {now}"


def tell_state(language: Language, light: TrafficLight | None, change: Change) -> str:
    """The light, and the phase where one was named."""
    parts = [LIGHT_WORDS[language][light]] if light else []
    if change.phase:
        parts.append(PHASE_WORDS[language][change.phase])
    return ", ".join(parts)


def tell_progress(language: Language, one: RoundView) -> str:
    """The progress of a round in one sentence, which is also the alternative of its picture."""
    total, answered = one.tally.assessed + one.tally.awaited, one.tally.assessed
    due = write_date(language, one.due_on) if one.due_on else ""
    if language == "fi":
        return f"{total} toimenpiteestä {answered} on arvioitu." + (f" Määräaika on {due}." if due else "")
    if language == "sv":
        return f"Av {count_actions(language, total)} har {answered} bedömts." + (f" Tidsfristen är {due}." if due else "")
    return f"{answered} of {count_actions(language, total)} assessed." + (f" Due on {due}." if due else "")


def tell_hours(language: Language, begins: time, ends: time) -> str:
    """`klo 9.00–11.30`, `kl. 9.00–11.30`, `9:00–11:30`."""
    if language == "en":
        return f"{begins.hour}:{begins:%M}–{ends.hour}:{ends:%M}"
    return f"{'klo' if language == 'fi' else 'kl.'} {begins.hour}.{begins:%M}–{ends.hour}.{ends:%M}"


def tell_meeting(language: Language, meeting: MeetingView) -> str:
    """What, when and where in one line."""
    when = ", ".join(write_date(language, day) for day in meeting.days)
    place = [meeting.place.in_language(language)] if meeting.place else []
    return ", ".join([words_of(language)[meeting.kind.value], when, tell_hours(language, meeting.opens, meeting.until), *place])

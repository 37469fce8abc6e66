"""Findings about schedule.yaml in Swedish: message and advice of each complaint."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import wording as say
from reminder.configuration.wording import Complaint

SWEDISH_SCHEDULE: Mapping[Complaint, tuple[str, str]] = {
    say.RULE_UNREADABLE: (
        "`{value}` är inte en datumregel.",
        "Skriv ett datum, ett ankare, `request` eller `due` med en förskjutning såsom `due - 5 working days`, eller en veckodag såsom "
        "`monday after due`; enheterna är days, weeks, months och working days.{hint}",
    ),
    say.RULE_TOO_FAR: (
        "`{value}` når för långt.",
        "En förskjutning är högst två år: 730 dagar, 104 veckor, 24 månader eller 500 vardagar.",
    ),
    say.RULE_CIRCLE: (
        "`{value}` hänger på sig själv.",
        "Låt `request` eller `due` hänga på ett ankare eller ett datum.",
    ),
    say.REPEAT_UNREADABLE: (
        "`{value}` är inte en upprepning.",
        "Skriv `then every 2 weeks` sist i listan.",
    ),
    say.DIGEST_UNREADABLE: (
        "`{value}` är inte en rytm för sammandraget.",
        "Skriv `every monday 08:30 from request until complete` eller `every working day 08:30`.{hint}",
    ),
    say.ANCHOR_ID: (
        "`{value}` kan inte vara namn på ett ankare.",
        "Använd små bokstäver, siffror och understreck, såsom `{guess}`; inte ord ur reglerna såsom `due`, `monday` eller `then`.",
    ),
    say.NOT_ANCHOR_DATE: (
        "`{value}` är inte ett datum.",
        "Skriv till exempel 28.2.2025 eller 2025-02-28, och ordet `planned` efter det så länge det inte är bekräftat.",
    ),
    say.NOT_YEARLY: (
        "`{value}` är inte en dag som kommer varje år.",
        "Skriv `every 31.8.` eller ett datum för varje år: `{{2024: 2025-02-14}}`.",
    ),
    say.ANCHOR_SEVERAL: (
        "Rundan {round} hänger på `{anchor}`, som har {count} datum år {year}.",
        "Säg vilket: till exempel `first {anchor} after due`.",
    ),
    say.ANCHOR_PLANNED: (
        "Rundan {round} hänger på `{anchor}`, som bara är planerat till {day}.",
        "Ta bort `planned` när datumet är säkert.",
    ),
    say.NO_ANCHOR_YEAR: (
        "Rundan {round} hänger på `{anchor}` men har inget år.",
        "Lägg till `anchor_year: 2025` eller `years`.",
    ),
    say.NOT_GRACE: (
        "`{value}` är inte en respittid.",
        "Skriv `5 working days`; minst 1 och högst 60.",
    ),
    say.OUTSIDE_WINDOW: (
        "{at} är utanför sändningstiden {opens}–{closes}.",
        "Välj en tid inom den eller ändra `sending`.",
    ),
    say.SELECTS_UNKNOWN: (
        "Inget i programmet {programme} heter `{value}`.",
        "{hint}",
    ),
    say.ROUND_SELECTS_NOTHING: (
        "Rundan {round} frågar inte efter någon åtgärd: ingen uppfyller allt som den väljer.",
        "Lätta på `years`, `focus_areas`, `numbers` eller `phases`.",
    ),
    say.MEMBERS_OF_REPORT: (
        "Rundan {round} är ingen enkät, så den har inga `members`.",
        "Ta bort `members` eller lägg till `kind: survey`.",
    ),
    say.SURVEY_WITHOUT_MEMBERS: (
        "Enkäten {round} frågar ingen.",
        "Lägg till `members: [{example}]`, parter vars kontaktpersoner tillfrågas.",
    ),
    say.SURVEY_SELECTS: (
        "Enkäten {round} gäller inga åtgärder.",
        "Ta bort det som väljer dem.",
    ),
    say.SURVEY_ONLY_PLANNED: (
        "Enkäten {round} är bara planerad: dess datum visas, men inga meddelanden skickas.",
        "",
    ),
    say.OVERRIDE_TWICE: (
        "`{party}` har egna steg också i `{other}`.",
        "Ge den en egen post eller ta bort den ur den ena gruppen.",
    ),
    say.GROUP_IS_PARTY: (
        "`{group}` är id för en ansvarig part.",
        "Ge gruppen ett annat namn.",
    ),
    say.ANCHOR_UNKNOWN: (
        "`{anchor}` är inte ett ankare.",
        "{hint}",
    ),
    say.ANCHOR_WITHOUT_YEAR: (
        "Rundan {round} hänger på `{anchor}`, som inte har något datum för {year}.",
        "Lägg till `{year}: ÅÅÅÅ-MM-DD` under `{anchor}` i `anchors`.",
    ),
    say.ROUND_PROGRAMME_MISSING: (
        "Rundan {round} säger inte vilket program den gäller.",
        "Lägg till `programme: {example}`.",
    ),
    say.ROUND_PROGRAMME_UNKNOWN: (
        "Programmet `{programme}` finns inte i programme.yaml.",
        "{hint}",
    ),
    say.ROUND_ASKS_NOTHING: (
        "Rundan {round} frågar inte efter någon åtgärd: ingen har året {years}.",
        "Rätta `years` här eller åtgärdernas år.",
    ),
    say.ROUND_TWICE: (
        "Rundan {round} i programmet {programme} står två gånger.",
        "Byt namn på eller ta bort den ena.",
    ),
    say.NO_ROUNDS: (
        "Ingen runda är planerad, så inga meddelanden skickas.",
        "Lägg till en runda under `rounds`.",
    ),
    say.DUE_BEFORE_REQUEST: (
        "Rapporten ska vara inne {due}, inte efter begäran {request}.",
        "Låt `due` komma efter `request`.",
    ),
    say.CLOSES_BEFORE_DUE: (
        "Rundan stängs {closes}, innan rapporten ska vara inne {due}.",
        "Låt `closes` komma efter `due`.",
    ),
    say.OVERDUE_TOO_EARLY: (
        "Meddelandet säger att rapporten är försenad men går ut {on}; rapporten ska vara inne {due}.",
        "Låt det komma efter `due`, till exempel `due + 1 working day`.",
    ),
    say.NOTICE_AFTER_REQUEST: (
        "Meddelandet om skyldigheten går ut {on}, inte före begäran {request}.",
        "Låt `notice` komma före `request`.",
    ),
    say.CONTACTS_AFTER_REQUEST: (
        "Kontrollen av kontaktuppgifterna skulle skickas {on}, inte före begäran {request}, och skickas därför aldrig.",
        "Låt `contacts` komma före det första mejlet, till exempel `notice - 2 weeks`.",
    ),
    say.REMINDER_BEFORE_REQUEST: (
        "Påminnelsen går ut {on}, inte efter begäran {request}.",
        "Låt den komma mellan `request` och `due`.",
    ),
    say.REMINDER_AFTER_DUE: (
        "Påminnelsen går ut {on}, efter att rapporten skulle vara inne {due}.",
        "Låt den komma före `due` eller lägg den under `overdue`.",
    ),
    say.AFTER_CLOSES: (
        "Meddelandet skulle gå ut {on}, efter att rundan stängts {closes}; det skickas aldrig.",
        "Låt rundan stängas senare eller ta bort det.",
    ),
    say.DEADLINE_MOVED: (
        "{written} är {day}, {why}; rapporten ska vara inne {due}.",
        "Inget att göra; `deadline_rule: exact` behåller dagen.",
    ),
    say.SUDDEN: (
        "Rundan {round}: {kind}, planerad till {day}, skulle genast gå ut till {count} av {of} mottagare.",
        "Flytta datumet eller låt `arm` hoppa över den, som den gör om inget annat sägs.",
    ),
    say.ESCALATION_TO_NOBODY: (
        "Ingen är angiven ovanför `{party}`: om den är försenad får bara koordinatorn veta det.",
        "Lägg till `manager:` eller `deputies:` för den i contacts.yaml.",
    ),
    say.DATE_OUT_OF_REACH: (
        "`{value}` leder inte till något datum.",
        "Kontrollera ankarnas datum, de stängda dagarna och förskjutningen.",
    ),
}

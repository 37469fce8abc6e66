"""Findings about schedule.yaml in Finnish: message and advice of each complaint."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import wording as say
from reminder.configuration.wording import Complaint

FINNISH_SCHEDULE: Mapping[Complaint, tuple[str, str]] = {
    say.RULE_UNREADABLE: (
        "`{value}` ei ole päivän sääntö.",
        "Kirjoita päivä, ankkuri, `request` tai `due` ja siirtymä, kuten `due - 5 working days`, tai viikonpäivä, kuten `monday after "
        "due`; yksiköt ovat days, weeks, months ja working days.{hint}",
    ),
    say.RULE_TOO_FAR: (
        "`{value}` ulottuu liian kauas.",
        "Siirtymä on enintään kaksi vuotta: 730 päivää, 104 viikkoa, 24 kuukautta tai 500 arkipäivää.",
    ),
    say.RULE_CIRCLE: (
        "`{value}` riippuu itsestään.",
        "Sido `request` tai `due` ankkuriin tai päivään.",
    ),
    say.REPEAT_UNREADABLE: (
        "`{value}` ei ole toisto.",
        "Kirjoita luettelon viimeiseksi `then every 2 weeks`.",
    ),
    say.DIGEST_UNREADABLE: (
        "`{value}` ei ole koosteen rytmi.",
        "Kirjoita `every monday 08:30 from request until complete` tai `every working day 08:30`.{hint}",
    ),
    say.ANCHOR_ID: (
        "`{value}` ei käy ankkurin nimeksi.",
        "Käytä pieniä kirjaimia, numeroita ja alaviivoja, kuten `{guess}`; ei sääntöjen sanoja kuten `due`, `monday` tai `then`.",
    ),
    say.NOT_ANCHOR_DATE: (
        "`{value}` ei ole päivämäärä.",
        "Kirjoita esimerkiksi 28.2.2025 tai 2025-02-28, ja perään sana `planned`, kun päivää ei ole vahvistettu.",
    ),
    say.NOT_YEARLY: (
        "`{value}` ei ole joka vuoden päivä.",
        "Kirjoita `every 31.8.` tai päivä kullekin vuodelle: `{{2024: 2025-02-14}}`.",
    ),
    say.ANCHOR_SEVERAL: (
        "Kierros {round} riippuu ankkurista `{anchor}`, jolla on vuonna {year} {count} päivää.",
        "Kerro mikä niistä: esimerkiksi `first {anchor} after due`.",
    ),
    say.ANCHOR_PLANNED: (
        "Kierros {round} riippuu ankkurista `{anchor}`, joka on vasta suunniteltu päivälle {day}.",
        "Poista `planned`, kun päivä on varma.",
    ),
    say.NO_ANCHOR_YEAR: (
        "Kierros {round} riippuu ankkurista `{anchor}`, mutta sillä ei ole vuotta.",
        "Lisää `anchor_year: 2025` tai `years`.",
    ),
    say.NOT_GRACE: (
        "`{value}` ei ole armonaika.",
        "Kirjoita `5 working days`; vähintään 1, enintään 60.",
    ),
    say.OUTSIDE_WINDOW: (
        "{at} on lähetysajan {opens}–{closes} ulkopuolella.",
        "Valitse aika sen sisältä tai muuta kohtaa `sending`.",
    ),
    say.SELECTS_UNKNOWN: (
        "Ohjelmassa {programme} ei ole mitään nimeltä `{value}`.",
        "{hint}",
    ),
    say.ROUND_SELECTS_NOTHING: (
        "Kierros {round} ei kysy yhtään toimenpidettä: mikään ei täytä kaikkea, mitä se rajaa.",
        "Väljennä kohtia `years`, `focus_areas`, `numbers` tai `phases`.",
    ),
    say.MEMBERS_OF_REPORT: (
        "Kierros {round} ei ole kysely, joten sillä ei ole kohtaa `members`.",
        "Poista `members` tai lisää `kind: survey`.",
    ),
    say.SURVEY_WITHOUT_MEMBERS: (
        "Kysely {round} ei kysy keneltäkään.",
        "Lisää `members: [{example}]`, tahot, joiden yhteyshenkilöiltä kysytään.",
    ),
    say.SURVEY_SELECTS: (
        "Kysely {round} ei koske toimenpiteitä.",
        "Poista se, mikä niitä rajaa.",
    ),
    say.SURVEY_ONLY_PLANNED: (
        "Kysely {round} on vasta suunniteltu: sen päivät näytetään, mutta viestejä ei lähde.",
        "",
    ),
    say.OVERRIDE_TWICE: (
        "Vastuutaholla `{party}` on omia vaiheita myös kohdassa `{other}`.",
        "Anna sille oma kohta tai ota se pois toisesta ryhmästä.",
    ),
    say.GROUP_IS_PARTY: (
        "`{group}` on vastuutahon tunniste.",
        "Anna ryhmälle toinen nimi.",
    ),
    say.ANCHOR_UNKNOWN: (
        "`{anchor}` ei ole ankkuri.",
        "{hint}",
    ),
    say.ANCHOR_WITHOUT_YEAR: (
        "Kierros {round} riippuu ankkurista `{anchor}`, jolla ei ole päivää vuodelle {year}.",
        "Lisää kohtaan `anchors` ankkurille `{anchor}` rivi `{year}: VVVV-KK-PP`.",
    ),
    say.ROUND_PROGRAMME_MISSING: (
        "Kierros {round} ei kerro, mitä ohjelmaa se koskee.",
        "Lisää `programme: {example}`.",
    ),
    say.ROUND_PROGRAMME_UNKNOWN: (
        "Ohjelmaa `{programme}` ei ole tiedostossa programme.yaml.",
        "{hint}",
    ),
    say.ROUND_ASKS_NOTHING: (
        "Kierros {round} ei kysy yhtään toimenpidettä: millään ei ole vuotta {years}.",
        "Korjaa `years` tässä tai toimenpiteiden vuodet.",
    ),
    say.ROUND_TWICE: (
        "Ohjelman {programme} kierros {round} on kahdesti.",
        "Anna toiselle uusi nimi tai poista se.",
    ),
    say.NO_ROUNDS: (
        "Yhtään kierrosta ei ole suunniteltu, joten viestejä ei lähde.",
        "Lisää kierros kohtaan `rounds`.",
    ),
    say.DUE_BEFORE_REQUEST: (
        "Raportin määräaika on {due}, ei pyynnön {request} jälkeen.",
        "Aseta `due` pyynnön jälkeen.",
    ),
    say.CLOSES_BEFORE_DUE: (
        "Kierros sulkeutuu {closes}, ennen määräaikaa {due}.",
        "Aseta `closes` määräajan jälkeen.",
    ),
    say.OVERDUE_TOO_EARLY: (
        "Viesti kertoo raportin myöhästyneen, mutta lähtee {on}; määräaika on {due}.",
        "Aseta se määräajan jälkeen, esimerkiksi `due + 1 working day`.",
    ),
    say.NOTICE_AFTER_REQUEST: (
        "Ilmoitus velvollisuudesta lähtee {on}, ei ennen pyyntöä {request}.",
        "Aseta `notice` ennen pyyntöä.",
    ),
    say.CONTACTS_AFTER_REQUEST: (
        "Yhteystietojen tarkistus lähtisi {on}, ei ennen pyyntöä {request}, eikä siksi lähde koskaan.",
        "Aseta `contacts` ennen ensimmäistä viestiä, esimerkiksi `notice - 2 weeks`.",
    ),
    say.REMINDER_BEFORE_REQUEST: (
        "Muistutus lähtee {on}, ei pyynnön {request} jälkeen.",
        "Aseta se pyynnön ja määräajan väliin.",
    ),
    say.REMINDER_AFTER_DUE: (
        "Muistutus lähtee {on}, määräajan {due} jälkeen.",
        "Aseta se ennen määräaikaa tai siirrä se kohtaan `overdue`.",
    ),
    say.AFTER_CLOSES: (
        "Viesti lähtisi {on}, kierroksen sulkeuduttua {closes}; se ei lähde koskaan.",
        "Anna kierroksen sulkeutua myöhemmin tai poista viesti.",
    ),
    say.DEADLINE_MOVED: (
        "{written} on {day}, {why}; raportin määräaika on {due}.",
        "Ei toimia; `deadline_rule: exact` pitää päivän.",
    ),
    say.SUDDEN: (
        "Kierroksen {round} {kind}, jonka päivä on {day}, lähtisi heti {count} vastaanottajalle ({of} vastaanottajasta).",
        "Siirrä päivää tai anna `arm`-komennon ohittaa se; niin se tekee, ellei toisin pyydetä.",
    ),
    say.ESCALATION_TO_NOBODY: (
        "Vastuutahon `{party}` yläpuolella ei ole ketään: sen myöhästymisestä tietää vain koordinaattori.",
        "Lisää sille `manager:` tai `deputies:` tiedostoon contacts.yaml.",
    ),
    say.DATE_OUT_OF_REACH: (
        "`{value}` ei johda mihinkään päivään.",
        "Tarkista sen ankkurien päivät, suljetut päivät ja siirtymä.",
    ),
}

"""Findings about the settings in Finnish."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import settings_wording as say
from reminder.configuration.settings_wording import MAKE_KEY
from reminder.configuration.wording import Complaint

FINNISH_SETTINGS: Mapping[Complaint, tuple[str, str]] = {
    say.ENV_UNREADABLE: (
        "Tiedostoa ei voi lukea: {why}.",
        "Anna lukuoikeus sille käyttäjälle, jona reminder toimii, ja tallenna tiedosto UTF-8-muodossa.",
    ),
    say.ENV_LINE: ("Rivi ei ole muotoa `NIMI=arvo`.", "Korjaa se, tai aloita rivi merkillä #, jolloin se on huomautus."),
    say.MISTYPED: ("Asetusta {name} ei ole.", "Tarkoititko: `{guess}`?"),
    say.UNKNOWN: ("Asetusta {name} ei ole, eikä se vaikuta mihinkään.", "Poista se, tai katso oikea nimi sivulta docs/configuration.md."),
    say.TWICE: ("Sekä {name} että {name}_FILE on annettu.", "Poista jompikumpi."),
    say.SECRET_UNREADABLE: (
        "Tiedostoa, jonka {name} nimeää, ei voi lukea: {why}.",
        "Korjaa polku, tai anna lukuoikeus sille käyttäjälle, jona reminder toimii.",
    ),
    say.SECRET_EMPTY: ("Tiedosto, jonka {name} nimeää, on tyhjä.", "Kirjoita salaisuus siihen."),
    say.INVALID: ("Asetuksen {name} arvo ei kelpaa.", "{hint}"),
    say.MISSING: ("Asetusta {name} ei ole annettu.", "Lisää se .env-tiedostoon tai ympäristöön: {example}"),
    say.NO_MAIL_SOURCE: (
        "Mistään ei selviä, mistä vastaukset luetaan.",
        "Anna REMINDER_IMAP_HOST, tai REMINDER_MAILDIR, jos oma postipalvelin jakaa viestit kansioon.",
    ),
    say.TWO_MAIL_SOURCES: (
        "Sekä REMINDER_IMAP_HOST että REMINDER_MAILDIR on annettu.",
        "Poista jompikumpi: vastaukset luetaan yhdestä paikasta.",
    ),
    say.NO_SECRET_KEY: (
        "Asetusta REMINDER_SECRET_KEY ei ole annettu; sillä allekirjoitetaan vastausosoitteet.",
        f"Tee avain ja lisää se .env-tiedostoon: {MAKE_KEY}",
    ),
    say.KEY_UNSOUND: ("Asetuksen REMINDER_SECRET_KEY arvoa ei voi käyttää: {why}.", f"Näin saat kelvollisen: {MAKE_KEY}"),
    say.NOT_MAILBOX: ("`{value}` ei ole lähettäjä.", "Kirjoita `Nimi <seuranta@kunta.example>` tai seuranta@kunta.example."),
    say.NOT_REPLY_ADDRESS: ("`{value}` ei ole sähköpostiosoite.", "Kirjoita esimerkiksi seuranta@kunta.example."),
    say.ADDRESS_TOO_LONG: (
        "Vastausosoite {value} on liian pitkä, jotta tunniste mahtuisi sen @-merkin eteen.",
        "Valitse osoite, jossa on enintään {most} merkkiä ennen @-merkkiä, tai aseta REMINDER_PLUS_ADDRESS=no.",
    ),
    say.PLUS_IN_ADDRESS: ("Vastausosoitteessa {value} on jo plusmerkki.", "Valitse osoite ilman sitä, tai aseta REMINDER_PLUS_ADDRESS=no."),
    say.USER_WITHOUT_PASSWORD: ("{user} on annettu, mutta {password} puuttuu.", "Anna {password} tai {password}_FILE."),
    say.PASSWORD_WITHOUT_USER: ("{password} on annettu, mutta {user} puuttuu.", "Anna myös {user}."),
    say.OAUTH2_NEEDS: (
        "{asker} tarvitsee myös asetuksen {needed}.",
        "Anna {needed}; docs/operations.md kertoo, mistä sen löytää.",
    ),
    say.OAUTH2_TWO_WAYS: ("Näistä on annettu useampi kuin yksi: {names}.", "Jätä se, jolla palvelun on tarkoitus kirjautua."),
    say.CREDENTIAL_UNSOUND: ("Tiedostoa, jonka {name} nimeää, ei voi käyttää: {why}.", "{hint}"),
    say.CERTIFICATE_OVER: (
        "Varmenne, jonka {name} nimeää, on voimassa {begins}–{ends}, ei tänään.",
        "Rekisteröi sovellukselle uusi varmenne ja tallenna se tähän tiedostoon.",
    ),
    say.CERTIFICATE_ENDS: (
        "Varmenne, jonka {name} nimeää, on voimassa vain {ends} asti; sen jälkeen mitään ei lähetetä eikä lueta.",
        "Rekisteröi sovellukselle uusi varmenne ja tallenna se tähän tiedostoon; palvelua ei tarvitse käynnistää uudelleen.",
    ),
    say.TOKEN_URL_UNSAFE: (
        "{name} ei ole osoite, johon salaisuuden voi lähettää.",
        "Kirjoita koko osoite, jonka alussa on https://.",
    ),
    say.GRAPH_WITHOUT_VERP: (
        "REMINDER_ENVELOPE_FROM=verp ei toimi, kun REMINDER_TRANSPORT=graph: Graph ei ota vastaan kirjekuoren lähettäjää, "
        "vaan käyttää postilaatikon osoitetta.",
        "Aseta REMINDER_ENVELOPE_FROM=plain, tai lähetä SMTP:llä.",
    ),
    say.GRAPH_WITH_GOOGLE: (
        "REMINDER_TRANSPORT=graph on Microsoftin palvelu, mutta {name} on Googlen avain.",
        "Anna sen sijaan asiakassalaisuus tai varmenne, tai lähetä SMTP:llä.",
    ),
    say.GRAPH_OTHER_SENDER: (
        "Graph lähettää postilaatikosta {value}, mutta REMINDER_FROM on {sender}.",
        "Anna postilaatikolle oikeus lähettää tuosta osoitteesta (Send As), tai käytä samaa osoitetta.",
    ),
    say.CLEARTEXT: (
        "{name}=none lähettäisi viestit ja salasanan verkon yli palvelimelle {host} salaamatta.",
        "Käytä arvoa tls tai starttls; jos se ei ole mahdollista, aseta REMINDER_ALLOW_CLEARTEXT=yes.",
    ),
    say.NO_CA_FILE: ("Varmennetiedostoa {value} ei voi lukea.", "Korjaa REMINDER_CA_FILE."),
    say.NO_MAILDIR: (
        "{value} ei ole Maildir: siinä ei ole kansioita `new` ja `cur`.",
        "Korjaa REMINDER_MAILDIR, tai anna postipalvelimen luoda kansio.",
    ),
    say.CLOCK_OUTSIDE: ("REMINDER_CLOCK on annettu, vaikka harjoitus ei ole päällä.", "Poista se, tai aseta REMINDER_REHEARSAL=1."),
    say.REHEARSAL_WITHOUT_CLOCK: (
        "Harjoitus kulkee oikean kellon mukaan.",
        "Anna kellotiedosto asetuksella REMINDER_CLOCK, niin aika kulkee nopeammin.",
    ),
    say.REHEARSAL_BEYOND_LOOPBACK: (
        "{name} on {host}, mutta harjoitus ei koskaan lähetä mitään tältä koneelta.",
        "Käytä arvoa localhost, tai poista REMINDER_REHEARSAL.",
    ),
    say.VERP_WITHOUT_PLUS: (
        "REMINDER_ENVELOPE_FROM=verp tarvitsee plusosoitteet, mutta REMINDER_PLUS_ADDRESS on no.",
        "Muuta jompaakumpaa.",
    ),
    say.METRICS_UNSOUND: ("`{value}` ei ole osoite, jossa voi kuunnella.", "Kirjoita palvelin ja portti, esimerkiksi 127.0.0.1:9464."),
    say.PING_UNSOUND: ("{name} ei ole verkko-osoite, jota voi kutsua.", "Kirjoita se niin, että alussa on https://."),
    say.DATABASE_UNKNOWN: (
        "REMINDER_DATABASE_URL on tietokannalle, jota ei tueta.",
        "Kirjoita sqlite:///reminder.db tai postgresql+psycopg://käyttäjä@palvelin/nimi.",
    ),
}

"""Findings about the settings in Swedish."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import settings_wording as say
from reminder.configuration.settings_wording import MAKE_KEY
from reminder.configuration.wording import Complaint

SWEDISH_SETTINGS: Mapping[Complaint, tuple[str, str]] = {
    say.ENV_UNREADABLE: (
        "Filen kan inte läsas: {why}.",
        "Ge läsrätt åt den användare som reminder körs som, och spara filen i UTF-8.",
    ),
    say.ENV_LINE: ("Raden har inte formen `NAMN=värde`.", "Rätta den, eller börja raden med # så blir den en kommentar."),
    say.MISTYPED: ("Inställningen {name} finns inte.", "Menade du `{guess}`?"),
    say.UNKNOWN: ("Inställningen {name} finns inte och har ingen verkan.", "Ta bort den, eller sök rätt namn i docs/configuration.md."),
    say.TWICE: ("Både {name} och {name}_FILE är angivna.", "Ta bort den ena."),
    say.SECRET_UNREADABLE: (
        "Filen som {name} pekar på kan inte läsas: {why}.",
        "Rätta sökvägen, eller ge läsrätt åt den användare som reminder körs som.",
    ),
    say.SECRET_EMPTY: ("Filen som {name} pekar på är tom.", "Skriv hemligheten i den."),
    say.INVALID: ("Värdet för {name} duger inte.", "{hint}"),
    say.MISSING: ("{name} är inte angiven.", "Skriv den i .env eller i miljön: {example}"),
    say.NO_MAIL_SOURCE: (
        "Ingenting säger var svaren läses.",
        "Ange REMINDER_IMAP_HOST, eller REMINDER_MAILDIR om den egna e-postservern levererar till en mapp.",
    ),
    say.TWO_MAIL_SOURCES: ("Både REMINDER_IMAP_HOST och REMINDER_MAILDIR är angivna.", "Ta bort den ena: svaren läses på ett ställe."),
    say.NO_SECRET_KEY: (
        "REMINDER_SECRET_KEY är inte angiven; den signerar svarsadresserna.",
        f"Gör en nyckel och skriv den i .env: {MAKE_KEY}",
    ),
    say.KEY_UNSOUND: ("REMINDER_SECRET_KEY kan inte användas: {why}.", f"Så här får du en som duger: {MAKE_KEY}"),
    say.NOT_MAILBOX: ("`{value}` är ingen avsändare.", "Skriv `Namn <seuranta@kunta.example>` eller seuranta@kunta.example."),
    say.NOT_REPLY_ADDRESS: ("`{value}` är ingen e-postadress.", "Skriv till exempel seuranta@kunta.example."),
    say.ADDRESS_TOO_LONG: (
        "Svarsadressen {value} är för lång för att koden skall rymmas före dess @.",
        "Välj en med högst {most} tecken före @, eller ange REMINDER_PLUS_ADDRESS=no.",
    ),
    say.PLUS_IN_ADDRESS: ("Svarsadressen {value} har redan ett plustecken.", "Välj en utan, eller ange REMINDER_PLUS_ADDRESS=no."),
    say.USER_WITHOUT_PASSWORD: ("{user} är angiven, men {password} saknas.", "Ange {password} eller {password}_FILE."),
    say.PASSWORD_WITHOUT_USER: ("{password} är angiven, men {user} saknas.", "Ange också {user}."),
    say.OAUTH2_NEEDS: (
        "{asker} behöver också {needed}.",
        "Ange {needed}; docs/operations.md berättar var den finns.",
    ),
    say.OAUTH2_TWO_WAYS: ("Mer än en av dessa är angiven: {names}.", "Behåll den som tjänsten skall logga in med."),
    say.CREDENTIAL_UNSOUND: ("Filen som {name} pekar på kan inte användas: {why}.", "{hint}"),
    say.CERTIFICATE_OVER: (
        "Certifikatet som {name} pekar på gäller {begins}–{ends}, inte i dag.",
        "Låt registrera ett nytt för programmet och lägg det i samma fil.",
    ),
    say.CERTIFICATE_ENDS: (
        "Certifikatet som {name} pekar på gäller bara till {ends}; efter det skickas och läses ingenting.",
        "Låt registrera ett nytt för programmet och lägg det i samma fil; tjänsten behöver inte startas om.",
    ),
    say.TOKEN_URL_UNSAFE: (
        "{name} är ingen adress som en hemlighet kan sändas till.",
        "Skriv hela adressen, som börjar med https://.",
    ),
    say.GRAPH_WITHOUT_VERP: (
        "REMINDER_ENVELOPE_FROM=verp fungerar inte med REMINDER_TRANSPORT=graph: Graph tar inte emot någon kuvertavsändare utan "
        "använder postlådans adress.",
        "Ange REMINDER_ENVELOPE_FROM=plain, eller skicka med SMTP.",
    ),
    say.GRAPH_WITH_GOOGLE: (
        "REMINDER_TRANSPORT=graph är Microsofts, men {name} är en nyckel från Google.",
        "Ange en klienthemlighet eller ett certifikat i stället, eller skicka med SMTP.",
    ),
    say.GRAPH_OTHER_SENDER: (
        "Graph skickar från {value}, men REMINDER_FROM är {sender}.",
        "Låt postlådan skicka som den adressen (Send As), eller använd samma adress.",
    ),
    say.CLEARTEXT: (
        "{name}=none skulle sända post och lösenord okrypterade över nätet till {host}.",
        "Använd tls eller starttls; om det inte går, ange REMINDER_ALLOW_CLEARTEXT=yes.",
    ),
    say.NO_CA_FILE: ("Certifikatfilen {value} kan inte läsas.", "Rätta REMINDER_CA_FILE."),
    say.NO_MAILDIR: (
        "{value} är ingen Maildir: den saknar mapparna `new` och `cur`.",
        "Rätta REMINDER_MAILDIR, eller låt e-postservern skapa den.",
    ),
    say.CLOCK_OUTSIDE: ("REMINDER_CLOCK är angiven fast ingen övning pågår.", "Ta bort den, eller ange REMINDER_REHEARSAL=1."),
    say.REHEARSAL_WITHOUT_CLOCK: (
        "Övningen följer den riktiga klockan.",
        "Ange en klockfil med REMINDER_CLOCK, så går tiden fortare.",
    ),
    say.REHEARSAL_BEYOND_LOOPBACK: (
        "{name} är {host}, men en övning lämnar aldrig den här datorn.",
        "Använd localhost, eller ta bort REMINDER_REHEARSAL.",
    ),
    say.VERP_WITHOUT_PLUS: (
        "REMINDER_ENVELOPE_FROM=verp kräver plusadresser, men REMINDER_PLUS_ADDRESS är no.",
        "Ändra den ena av dem.",
    ),
    say.METRICS_UNSOUND: ("`{value}` är ingen adress att lyssna på.", "Skriv värd och port, till exempel 127.0.0.1:9464."),
    say.PING_UNSOUND: ("{name} är ingen webbadress som kan anropas.", "Skriv den med https:// först."),
    say.DATABASE_UNKNOWN: (
        "REMINDER_DATABASE_URL gäller en databas som inte stöds.",
        "Skriv sqlite:///reminder.db eller postgresql+psycopg://användare@server/namn.",
    ),
}

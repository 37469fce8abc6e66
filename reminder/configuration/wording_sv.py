"""Findings in Swedish: message and advice of each complaint, but for those of schedule.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import wording as say
from reminder.configuration.wording import Complaint

SWEDISH: Mapping[Complaint, tuple[str, str]] = {
    say.FILE_MISSING: (
        "Filen saknas.",
        "`reminder init` skriver en fil att börja från; eller ange rätt mapp med --config.",
    ),
    say.FILE_UNREADABLE: (
        "Filen kan inte läsas: {why}.",
        "Ge läsrätt åt den användare som kör reminder.",
    ),
    say.FILE_TOO_LARGE: (
        "Filen är större än {limit} MB.",
        "Lämna bort långa texter och länka till dem.",
    ),
    say.NOT_UTF8: (
        "Filen är inte UTF-8-text (byte {byte}).",
        "Spara den som UTF-8 i editorn.",
    ),
    say.SYNTAX: (
        "Detta är inte YAML: {why}.",
        "Se på den här raden och den ovanför: indrag, kolon, citattecken eller parentes.",
    ),
    say.EMPTY_FILE: (
        "Filen är tom.",
        "`reminder init` skriver en fil att börja från.",
    ),
    say.SEVERAL_DOCUMENTS: (
        "Här börjar ett andra YAML-dokument.",
        "Ta bort raden `---`; en fil har ett dokument.",
    ),
    say.ALIAS: (
        "`*{name}` upprepar ett annat ställe i filen.",
        "Skriv själva värdet; alias läses inte.",
    ),
    say.MERGE_KEY: (
        "`<<` slår ihop en annan tabell med denna.",
        "Skriv dess nycklar här.",
    ),
    say.TAG: (
        "Taggen `{tag}` läses inte.",
        "Ta bort den; varje värde läses som text.",
    ),
    say.TOO_DEEP: (
        "Filen har fler än {limit} nivåer i varandra.",
        "Ge den den form som docs/configuration.md visar.",
    ),
    say.KEY_NOT_TEXT: (
        "En nyckel måste vara ett ord.",
        "Skriv `nyckel: värde`.",
    ),
    say.DUPLICATE_KEY: (
        "`{key}` står två gånger; först på rad {line}.",
        "Ta bort eller byt namn på den ena.",
    ),
    say.UNKNOWN_KEY: (
        "`{key}` är okänt i {where}.",
        "{hint}",
    ),
    say.MISSING_KEY: (
        "`{key}` saknas i {where}.",
        "Lägg till `{key}: {example}`.",
    ),
    say.NOT_TABLE: (
        "{what}: här behövs nycklar med värden.",
        "Skriv rader `nyckel: värde`, indragna under den.",
    ),
    say.NOT_LIST: (
        "{what}: här behövs en lista.",
        "Skriv `[ett, två]`, eller ett per rad efter ett streck.",
    ),
    say.NOT_TEXT: (
        "{what}: här behövs en enda text.",
        "Skriv texten efter kolonet, inom citattecken om den har ett kolon.",
    ),
    say.EMPTY_TEXT: (
        "{what} är tom.",
        "Skriv ett värde eller ta bort nyckeln.",
    ),
    say.CONTROL: (
        "{what}: texten har ett tecken som inte kan visas.",
        "Skriv texten på nytt utan det.",
    ),
    say.NO_LANGUAGE: (
        "`{key}` är inte ett språk här.",
        "Använd fi, sv eller en.",
    ),
    say.NOT_CHOICE: (
        "`{value}` är inte möjligt för {what}.",
        "{hint}",
    ),
    say.NOT_YES_NO: (
        "`{value}` är varken ja eller nej.",
        "Skriv yes eller no.",
    ),
    say.NOT_DATE: (
        "`{value}` är inte ett datum.",
        "Skriv till exempel 28.2.2025 eller 2025-02-28, mellan åren 2000 och 2100.",
    ),
    say.NOT_YEAR: (
        "`{value}` är inte ett år.",
        "Skriv år från 2000 till 2100: 2024, [2024, 2025] eller 2024-2026.",
    ),
    say.NOT_TIME: (
        "`{value}` är inte ett klockslag.",
        "Skriv till exempel 08:30.",
    ),
    say.NIGHT_TIME: (
        "Klockslaget {value} finns kanske inte när klockan ställs om.",
        "Välj en tid som inte är mellan 03:00 och 04:00.",
    ),
    say.NOT_ID: (
        "`{value}` kan inte vara en id.",
        "Använd små bokstäver a–z, siffror, bindestreck och understreck, såsom `{guess}`.",
    ),
    say.NOT_ACTION_ID: (
        "`{value}` kan inte vara id för en åtgärd.",
        "Använd bokstäver a–z, siffror, punkt, bindestreck och understreck, högst 40.",
    ),
    say.NO_ZONES: (
        "Tidszonen {value} kan inte läsas in: den här datorn har inga tidszoner alls.",
        "Installera paketet tzdata, systemets eller Pythons; utan det skulle varje datum vara fel, så inget startas.",
    ),
    say.UNKNOWN_ZONE: (
        "`{value}` är inte en tidszon.",
        "{hint}",
    ),
    say.UNKNOWN_COUNTRY: (
        "Helgdagarna i `{value}` är inte kända.",
        "{hint}",
    ),
    say.UNKNOWN_SUBDIVISION: (
        "`{value}` är inte en del av {country} med egna helgdagar.",
        "{hint}",
    ),
    say.CLOSED_TOO_LONG: (
        "`{value}` stänger kontoren i mer än {limit} dagar.",
        "Kontrollera åren eller skriv två perioder.",
    ),
    say.NOT_QUIET: (
        "`{value}` är inte en lugn tid.",
        "Skriv `week 8`, `weeks 27-30`, `week 8 of 2026` eller två datum: `2026-12-21 - 2027-01-06`.",
    ),
    say.WINDOW_TWICE: (
        "`sending` står också i service.yaml.",
        "Behåll den ena.",
    ),
    say.WINDOW_REVERSED: (
        "Sändningstiden slutar innan den börjar.",
        "Skriv till exempel `sending: {{from: 08:00, until: 16:00}}`.",
    ),
    say.NO_COORDINATOR: (
        "Ingen koordinator är angiven.",
        "Lägg till `coordinator: [id]` med en id ur contacts.yaml; sammandraget går dit.",
    ),
    say.LEGEND_PARTIAL: (
        "Förklaringen säger inte vad {light} betyder.",
        "Lägg till `{light}:`; till dess visas bara färgen.",
    ),
    say.NOT_PAGE_ADDRESS: (
        "`{value}` är inte adressen till en webbplats.",
        "Skriv den som https://seuranta.kunta.example/, utan `?` och `#`.",
    ),
    say.NOT_COLOUR: (
        "`{value}` är inte en färg.",
        'Skriv den som `"#12455a"`, inom citattecken.',
    ),
    say.LOW_CONTRAST: (
        "{first} på {second} kan inte läsas av alla: kontrasten är {ratio} : 1.",
        "Välj färger med minst 4,5 : 1, som tillgänglighetslagen kräver.",
    ),
    say.NO_LOGO: (
        "Logotypen `{value}` finns inte.",
        "Lägg den i samma mapp som service.yaml, eller ta bort `logo`.",
    ),
    say.LOGO_KIND: (
        "Logotypen `{value}` är varken SVG eller PNG.",
        "Ange en .svg- eller .png-fil.",
    ),
    say.LOGO_LARGE: (
        "Logotypen `{value}` är större än {limit} kB.",
        "Gör den mindre: varje besökare laddar den.",
    ),
    say.LOGO_ACTIVE: (
        "Logotypen `{value}` är inte en ren bild: den har ett skript eller något från annat håll.",
        "Spara den som ren SVG.",
    ),
    say.CONTACT_UNKNOWN: (
        "`{contact}` finns inte i contacts.yaml.",
        "{hint}",
    ),
    say.NO_PROGRAMMES: (
        "Inget program är angivet.",
        "Lägg till ett under `programmes`.",
    ),
    say.NOT_TAG: (
        "`{value}` kan inte vara en tagg.",
        "Använd 2–6 stora bokstäver A–Z, såsom `ELVO`; den står i ämnesraderna.",
    ),
    say.TAG_TWICE: (
        "Taggen {tag} tillhör också programmet `{other}`.",
        "Ge varje program en egen tagg.",
    ),
    say.NO_ACTIONS: (
        "Programmet `{programme}` har inga åtgärder.",
        "Lägg till dem under `focus_areas` eller `actions`.",
    ),
    say.NOT_NUMBER: (
        "`{value}` kan inte vara numret på en åtgärd.",
        "Använd bokstäver, siffror, punkter och bindestreck utan mellanslag, högst 16, såsom `1.3`.",
    ),
    say.NUMBER_TWICE: (
        "Numret {number} tillhör två åtgärder; först på rad {line}.",
        "Ge varje åtgärd ett eget nummer.",
    ),
    say.ACTION_ID_TWICE: (
        "Id `{id}` tillhör två åtgärder; först på rad {line}.",
        "Ge varje åtgärd en egen id.",
    ),
    say.NO_LEAD: (
        "Ingen ansvarar för åtgärd {number}.",
        "Lägg till `lead: {example}`, den part som ska rapportera om den.",
    ),
    say.PARTY_UNKNOWN: (
        "`{party}` är ingen ansvarig part i {where}.",
        "{hint}",
    ),
    say.PARTY_TWICE_IN_ACTION: (
        "`{party}` ansvarar för åtgärd {number} och är också samarbetspart.",
        "Ta bort den ur `contributors`.",
    ),
    say.WAS_STILL_THERE: (
        "`{party}` är fortfarande en ansvarig part i den här filen.",
        "Ta bort den ur `was`, eller ta bort parten som den fick sitt namn av.",
    ),
    say.WAS_TWICE: (
        "`{party}` står under `was` hos två parter.",
        "Låt den stå hos den som nu ansvarar för dess åtgärder.",
    ),
    say.NO_YEARS: (
        "Åtgärd {number} har inga år, så ingen runda frågar efter den.",
        "Lägg till `years: [2024, 2025]`.",
    ),
    say.LONG_TITLE: (
        "Titeln på åtgärd {number} har {length} tecken och bryts i meddelandena.",
        "Håll den under 80; skriv hela texten under `text`.",
    ),
    say.NOT_URL: (
        "`{value}` är ingen webbadress.",
        "Skriv till exempel https://www.kunta.example/ohjelma.",
    ),
    say.NO_DOCUMENT: (
        "Dokumentet `{value}` finns inte.",
        "Lägg det i samma mapp som programme.yaml, eller ta bort `document` och ange `url`.",
    ),
    say.DOCUMENT_LARGE: (
        "Dokumentet `{value}` har {size} MB; många e-postservrar tar inte emot det.",
        "Gör det mindre, eller ta bort det och ange `url`.",
    ),
    say.NOT_ADDRESS: (
        "`{value}` är ingen e-postadress.",
        "Skriv till exempel roll@kunta.example.",
    ),
    say.NO_ADDRESS: (
        "Kontaktpersonen `{contact}` har ingen adress.",
        "Skriv e-postadressen efter `address:`.",
    ),
    say.NOT_OUR_LANGUAGE: (
        "`{value}` är inte ett språk som meddelanden skrivs på.",
        "Använd fi, sv eller en.",
    ),
    say.PARTY_NOT_IN_PROGRAMME: (
        "`{party}` är ingen ansvarig part i något program.",
        "{hint}",
    ),
    say.PARTY_WITHOUT_CONTACT: (
        "Den ansvariga parten `{party}` ansvarar för åtgärder i rundan {round} men har ingen kontaktperson.",
        "Lägg till `{party}: [id]` under `parties` i contacts.yaml.",
    ),
    say.PARTY_WITHOUT_CONTACT_YET: (
        "Den ansvariga parten `{party}` har ingen kontaktperson; än så länge frågar ingen runda den.",
        "Lägg till `{party}: [id]` under `parties` i contacts.yaml.",
    ),
    say.ADDRESS_OF_TWO: (
        "{address} företräder {count} ansvariga parter: {parties}. Den får ett meddelande för alla.",
        "",
    ),
    say.ADDRESS_TWICE: (
        "{address} tillhör också kontaktpersonen `{other}`, på rad {line}.",
        "Behåll en och ange den för båda parterna.",
    ),
}

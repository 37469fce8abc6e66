"""Findings about meetings in Finnish and Swedish: message and advice of each complaint."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import wording as say
from reminder.configuration.wording import Complaint

FINNISH_MEETINGS: Mapping[Complaint, tuple[str, str]] = {
    say.MEETING_ENDS_FIRST: ("Kokous päättyy ennen kuin se alkaa.", "Kirjoita esimerkiksi `from: 13:00` ja `until: 16:00`."),
    say.NOT_CLOCK_SPAN: ("`{value}` ei ole alku- ja loppuaika.", "Kirjoita se muodossa `14:00-14:15`."),
    say.BREAK_OUTSIDE: ("Tauko {value} ei ole kokouksen ajan sisällä.", "Muuta sitä tai kohtia `from` ja `until`."),
    say.NOT_LINK: ("`{value}` ei ole verkko-osoite.", "Kirjoita se muodossa https://…"),
    say.NOT_WISH: ("`{value}` ei ole kuulemisaika.", "Kirjoita 13:30, tai jos päiviä on useita, `2025-03-18 13:30`."),
    say.WISH_DAY: ("{day} ei ole kuulemispäivä.", "Kirjoita päivä ja kellonaika, kuten `2025-03-18 13:30`; päivät ovat: {days}."),
    say.WISH_OUTSIDE: ("Vastuutahon `{party}` toive ei mahdu kuulemisten aikaan.", "Muuta aikaa tai kohtia `from` ja `until`."),
    say.WISH_CLASH: (
        "Vastuutahojen `{party}` ja `{other}` toiveet menevät päällekkäin.",
        "Anna toiselle toinen aika; kuuleminen kestää {minutes} minuuttia.",
    ),
    say.WISH_NOT_INVITED: ("Vastuutahoa `{party}` ei kutsuta kuulemiseen.", "Lisää se kohtaan `parties` tai poista toive."),
    say.MEETING_ALL_AND: ("`all` on muiden vieressä.", "Kirjoita pelkkä `all` tai luettele vastuutahot."),
    say.MEETING_NOBODY: ("Kokoukseen ei kutsuta ketään: kierros {round} ei kysy keneltäkään.", "Luettele vastuutahot kohdassa `parties`."),
    say.MEETING_OF_SURVEY: ("Kyselyllä {round} ei ole kuulemisia.", "Siirrä ne raporttien kierrokseen."),
    say.MEETING_ONE_DAY: ("Seminaarilla on yksi päivä.", "Nimeä yksi päivä, tai kirjoita `hearings`."),
    say.MEETING_FULL: (
        "Näille ei ole tilaa: {parties}. Aikaa puuttuu {minutes} minuuttia.",
        "Lisää päivä kohtaan `on`, myöhennä kohtaa `until` tai lyhennä kohtaa `length`.",
    ),
    say.MEETING_CLOSED_DAY: ("{day} on päivä, jona virastot ovat kiinni.", "Onko kokous todella silloin?"),
    say.MEETING_INVITED_LATE: ("Kutsut lähtisivät {day}, mikä ei ole ennen kokousta.", "Valitse aikaisempi `invite`."),
    say.NOBODY_JUDGES: (
        "Kierroksella {round} pyydetään jaoston oma arvio, mutta tiedostossa contacts.yaml ei kerrota, keneltä.",
        "Nimeä `{key}` kohdassa `sub_committee` tiedostossa contacts.yaml.",
    ),
    say.OWN_VIEW_OF_SURVEY: ("Kyselyllä {round} ei ole jaoston valoja.", "Siirrä `sub_committee` raporttien kierrokseen."),
    say.OWN_VIEW_UNDATED: (
        "Missään ei kerrota, milloin jaostolta pyydetään oma arvio kierroksella {round}.",
        "Kirjoita `ask: due + 3 weeks` tai lisää `hearings`.",
    ),
    say.INFORMED_LATE: (
        "Jäsenet saisivat valot {inform}, mikä ei ole ennen kuin heiltä pyydetään oma arvio {ask}.",
        "Valitse aikaisempi `inform`.",
    ),
}

SWEDISH_MEETINGS: Mapping[Complaint, tuple[str, str]] = {
    say.MEETING_ENDS_FIRST: ("Mötet slutar innan det börjar.", "Skriv till exempel `from: 13:00` och `until: 16:00`."),
    say.NOT_CLOCK_SPAN: ("`{value}` är ingen början och inget slut.", "Skriv det som `14:00-14:15`."),
    say.BREAK_OUTSIDE: ("Pausen {value} ligger inte inom mötets tider.", "Ändra den, eller `from` och `until`."),
    say.NOT_LINK: ("`{value}` är ingen webbadress.", "Skriv den som https://…"),
    say.NOT_WISH: ("`{value}` är ingen tid för hörandet.", "Skriv 13:30, eller om det finns flera dagar `2025-03-18 13:30`."),
    say.WISH_DAY: ("{day} är ingen dag för hörandet.", "Skriv dag och tid, som `2025-03-18 13:30`; dagarna är: {days}."),
    say.WISH_OUTSIDE: ("Önskemålet av `{party}` ryms inte inom tiderna.", "Ändra tiden, eller `from` och `until`."),
    say.WISH_CLASH: (
        "Önskemålen av `{party}` och `{other}` krockar.",
        "Ge den ena en annan tid; hörandet tar {minutes} minuter.",
    ),
    say.WISH_NOT_INVITED: ("`{party}` kallas inte till hörandet.", "Lägg till den i `parties`, eller ta bort önskemålet."),
    say.MEETING_ALL_AND: ("`all` står bredvid andra.", "Skriv bara `all`, eller räkna upp parterna."),
    say.MEETING_NOBODY: ("Ingen kallas till mötet: rundan {round} frågar ingen.", "Räkna upp parterna i `parties`."),
    say.MEETING_OF_SURVEY: ("Enkäten {round} har inga höranden.", "Skriv dem under rundan för rapporterna."),
    say.MEETING_ONE_DAY: ("Ett seminarium har en dag.", "Nämn en dag, eller skriv `hearings`."),
    say.MEETING_FULL: (
        "Det finns inte rum för: {parties}. Det fattas {minutes} minuter.",
        "Lägg till en dag i `on`, ett senare `until`, eller förkorta `length`.",
    ),
    say.MEETING_CLOSED_DAY: ("{day} är en dag då kontoren är stängda.", "Är mötet verkligen då?"),
    say.MEETING_INVITED_LATE: ("Kallelserna skulle gå ut {day}, vilket inte är före mötet.", "Välj ett tidigare `invite`."),
    say.NOBODY_JUDGES: (
        "Rundan {round} ber om sektionens egen bedömning, men contacts.yaml säger inte av vem.",
        "Nämn `{key}` under `sub_committee` i contacts.yaml.",
    ),
    say.OWN_VIEW_OF_SURVEY: ("Enkäten {round} har inga ljus av sektionen.", "Skriv `sub_committee` under rundan för rapporterna."),
    say.OWN_VIEW_UNDATED: (
        "Ingenstans står när sektionen i rundan {round} ombes om sin egen bedömning.",
        "Skriv `ask: due + 3 weeks`, eller lägg till `hearings`.",
    ),
    say.INFORMED_LATE: (
        "Ledamöterna skulle få ljusen {inform}, vilket inte är före de ombes om sin egen bedömning {ask}.",
        "Välj ett tidigare `inform`.",
    ),
}

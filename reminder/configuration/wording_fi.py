"""Findings in Finnish: message and advice of each complaint, but for those of schedule.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration import wording as say
from reminder.configuration.wording import Complaint

FINNISH: Mapping[Complaint, tuple[str, str]] = {
    say.FILE_MISSING: (
        "Tiedosto puuttuu.",
        "`reminder init` kirjoittaa aloitustiedoston; tai nimeä oikea kansio valinnalla --config.",
    ),
    say.FILE_UNREADABLE: (
        "Tiedostoa ei voi lukea: {why}.",
        "Anna lukuoikeus sille käyttäjälle, jona reminder toimii.",
    ),
    say.FILE_TOO_LARGE: (
        "Tiedosto on suurempi kuin {limit} Mt.",
        "Jätä pitkät tekstit pois ja linkitä niihin.",
    ),
    say.NOT_UTF8: (
        "Tiedosto ei ole UTF-8-tekstiä (tavu {byte}).",
        "Tallenna se editorissa UTF-8-muodossa.",
    ),
    say.SYNTAX: (
        "Tämä ei ole YAMLia: {why}.",
        "Katso tätä riviä ja edellistä: sisennys, kaksoispiste, lainausmerkki tai sulku.",
    ),
    say.EMPTY_FILE: (
        "Tiedosto on tyhjä.",
        "`reminder init` kirjoittaa aloitustiedoston.",
    ),
    say.SEVERAL_DOCUMENTS: (
        "Tästä alkaa toinen YAML-dokumentti.",
        "Poista rivi `---`; tiedostossa on yksi dokumentti.",
    ),
    say.ALIAS: (
        "`*{name}` toistaa toisen kohdan tiedostosta.",
        "Kirjoita arvo tähän; viittauksia ei lueta.",
    ),
    say.MERGE_KEY: (
        "`<<` yhdistää tähän toisen taulukon.",
        "Kirjoita sen avaimet tähän.",
    ),
    say.TAG: (
        "Merkintää `{tag}` ei lueta.",
        "Poista se; jokainen arvo luetaan tekstinä.",
    ),
    say.TOO_DEEP: (
        "Tiedostossa on yli {limit} sisäkkäistä tasoa.",
        "Muotoile se kuten docs/configuration.md näyttää.",
    ),
    say.KEY_NOT_TEXT: (
        "Avaimen on oltava sana.",
        "Kirjoita `avain: arvo`.",
    ),
    say.DUPLICATE_KEY: (
        "`{key}` on kahdesti; ensin rivillä {line}.",
        "Poista toinen tai anna sille toinen nimi.",
    ),
    say.UNKNOWN_KEY: (
        "`{key}` on tuntematon avain kohdassa {where}.",
        "{hint}",
    ),
    say.MISSING_KEY: (
        "`{key}` puuttuu kohdasta {where}.",
        "Lisää `{key}: {example}`.",
    ),
    say.NOT_TABLE: (
        "{what}: tässä on oltava avaimia ja arvoja.",
        "Kirjoita alle sisennettyjä rivejä `avain: arvo`.",
    ),
    say.NOT_LIST: (
        "{what}: tässä on oltava luettelo.",
        "Kirjoita `[yksi, kaksi]` tai yksi rivilleen, kukin viivan perään.",
    ),
    say.NOT_TEXT: (
        "{what}: tässä on oltava yksi teksti.",
        "Kirjoita teksti kaksoispisteen jälkeen, lainausmerkkeihin jos siinä on kaksoispiste.",
    ),
    say.EMPTY_TEXT: (
        "{what} on tyhjä.",
        "Kirjoita arvo tai poista avain.",
    ),
    say.CONTROL: (
        "{what}: tekstissä on merkki, jota ei voi näyttää.",
        "Kirjoita teksti uudelleen ilman sitä.",
    ),
    say.NO_LANGUAGE: (
        "`{key}` ei ole kieli.",
        "Käytä: fi, sv tai en.",
    ),
    say.NOT_CHOICE: (
        "`{value}` ei käy kohtaan {what}.",
        "{hint}",
    ),
    say.NOT_YES_NO: (
        "`{value}` ei ole kyllä eikä ei.",
        "Kirjoita yes tai no.",
    ),
    say.NOT_DATE: (
        "`{value}` ei ole päivämäärä.",
        "Kirjoita esimerkiksi 28.2.2025 tai 2025-02-28, vuosilta 2000–2100.",
    ),
    say.NOT_YEAR: (
        "`{value}` ei ole vuosi.",
        "Kirjoita vuosia 2000–2100: 2024, [2024, 2025] tai 2024-2026.",
    ),
    say.NOT_TIME: (
        "`{value}` ei ole kellonaika.",
        "Kirjoita esimerkiksi 08:30.",
    ),
    say.NIGHT_TIME: (
        "Kellonaikaa {value} ei ehkä ole, kun kelloja siirretään.",
        "Valitse aika, joka ei ole välillä 03:00–04:00.",
    ),
    say.NOT_ID: (
        "`{value}` ei käy tunnisteeksi.",
        "Käytä pieniä kirjaimia a–z, numeroita, yhdysviivaa ja alaviivaa, kuten `{guess}`.",
    ),
    say.NOT_ACTION_ID: (
        "`{value}` ei käy toimenpiteen tunnisteeksi.",
        "Käytä kirjaimia a–z, numeroita, pistettä, yhdysviivaa ja alaviivaa, enintään 40.",
    ),
    say.NO_ZONES: (
        "Aikavyöhykettä {value} ei voi ladata: tällä koneella ei ole aikavyöhykkeitä lainkaan.",
        "Asenna paketti tzdata, joko käyttöjärjestelmän tai Pythonin; ilman sitä jokainen päivä olisi väärin, joten mitään ei käynnistetä.",
    ),
    say.UNKNOWN_ZONE: (
        "`{value}` ei ole aikavyöhyke.",
        "{hint}",
    ),
    say.UNKNOWN_COUNTRY: (
        "Maan `{value}` juhlapäiviä ei tunneta.",
        "{hint}",
    ),
    say.UNKNOWN_SUBDIVISION: (
        "`{value}` ei ole maan {country} osa, jolla on omia juhlapäiviä.",
        "{hint}",
    ),
    say.CLOSED_TOO_LONG: (
        "`{value}` sulkee virastot yli {limit} päiväksi.",
        "Tarkista vuodet tai kirjoita kaksi jaksoa.",
    ),
    say.NOT_QUIET: (
        "`{value}` ei ole rauhoitettu aika.",
        "Kirjoita `week 8`, `weeks 27-30`, `week 8 of 2026` tai kaksi päivää: `2026-12-21 - 2027-01-06`.",
    ),
    say.WINDOW_TWICE: (
        "`sending` on myös tiedostossa service.yaml.",
        "Jätä niistä toinen.",
    ),
    say.WINDOW_REVERSED: (
        "Lähetysaika päättyy ennen kuin se alkaa.",
        "Kirjoita esimerkiksi `sending: {{from: 08:00, until: 16:00}}`.",
    ),
    say.NO_COORDINATOR: (
        "Koordinaattoria ei ole nimetty.",
        "Lisää `coordinator: [tunniste]`, joka on tiedostossa contacts.yaml; kooste lähetetään hänelle.",
    ),
    say.LEGEND_PARTIAL: (
        "Selite ei kerro, mitä {light} tarkoittaa.",
        "Lisää `{light}:`; siihen asti näkyy vain väri.",
    ),
    say.NOT_PAGE_ADDRESS: (
        "`{value}` ei ole sivuston osoite.",
        "Kirjoita se muodossa https://seuranta.kunta.example/, ilman merkkejä `?` ja `#`.",
    ),
    say.NOT_COLOUR: (
        "`{value}` ei ole väri.",
        'Kirjoita se muodossa `"#12455a"`, lainausmerkeissä.',
    ),
    say.LOW_CONTRAST: (
        "Kaikki eivät erota väriä {first} väristä {second}: kontrasti on {ratio} : 1.",
        "Valitse värit, joiden kontrasti on vähintään 4,5 : 1; saavutettavuuslaki vaatii sitä.",
    ),
    say.NO_LOGO: (
        "Logoa `{value}` ei ole.",
        "Pane se tiedoston service.yaml kansioon, tai poista `logo`.",
    ),
    say.LOGO_KIND: (
        "Logo `{value}` ei ole SVG eikä PNG.",
        "Anna .svg- tai .png-tiedosto.",
    ),
    say.LOGO_LARGE: (
        "Logo `{value}` on suurempi kuin {limit} kt.",
        "Pienennä se: jokainen kävijä lataa sen.",
    ),
    say.LOGO_ACTIVE: (
        "Logo `{value}` ei ole pelkkä kuva: siinä on komentosarja tai jotakin muualta.",
        "Tallenna se pelkkänä SVG-kuvana.",
    ),
    say.CONTACT_UNKNOWN: (
        "`{contact}` ei ole tiedostossa contacts.yaml.",
        "{hint}",
    ),
    say.NO_PROGRAMMES: (
        "Ohjelmaa ei ole annettu.",
        "Lisää ohjelma kohtaan `programmes`.",
    ),
    say.NOT_TAG: (
        "`{value}` ei käy tunnukseksi.",
        "Käytä 2–6 isoa kirjainta A–Z, kuten `ELVO`; se näkyy viestien otsikoissa.",
    ),
    say.TAG_TWICE: (
        "Tunnus {tag} on myös ohjelmalla `{other}`.",
        "Anna kullekin ohjelmalle oma tunnus.",
    ),
    say.NO_ACTIONS: (
        "Ohjelmassa `{programme}` ei ole toimenpiteitä.",
        "Lisää ne kohtaan `focus_areas` tai `actions`.",
    ),
    say.NOT_NUMBER: (
        "`{value}` ei käy toimenpiteen numeroksi.",
        "Käytä kirjaimia, numeroita, pisteitä ja yhdysviivoja ilman välejä, enintään 16, kuten `1.3`.",
    ),
    say.NUMBER_TWICE: (
        "Numero {number} on kahdella toimenpiteellä; ensin rivillä {line}.",
        "Anna kullekin toimenpiteelle oma numero.",
    ),
    say.ACTION_ID_TWICE: (
        "Tunniste `{id}` on kahdella toimenpiteellä; ensin rivillä {line}.",
        "Anna kullekin toimenpiteelle oma tunniste.",
    ),
    say.NO_LEAD: (
        "Kukaan ei vastaa toimenpiteestä {number}.",
        "Lisää `lead: {example}`, taho, joka siitä raportoi.",
    ),
    say.PARTY_UNKNOWN: (
        "`{party}` ei ole vastuutaho kohdassa {where}.",
        "{hint}",
    ),
    say.PARTY_TWICE_IN_ACTION: (
        "`{party}` vastaa toimenpiteestä {number} ja on siinä myös yhteistyötahona.",
        "Poista se kohdasta `contributors`.",
    ),
    say.WAS_STILL_THERE: (
        "`{party}` on yhä tämän tiedoston vastuutaho.",
        "Poista se kohdasta `was`, tai poista vastuutaho, jonka nimi vaihtui.",
    ),
    say.WAS_TWICE: (
        "`{party}` on kahden vastuutahon kohdassa `was`.",
        "Jätä se sille, joka nyt vastaa sen toimenpiteistä.",
    ),
    say.NO_YEARS: (
        "Toimenpiteellä {number} ei ole vuosia, joten mikään kierros ei kysy sitä.",
        "Lisää `years: [2024, 2025]`.",
    ),
    say.LONG_TITLE: (
        "Toimenpiteen {number} nimessä on {length} merkkiä, ja se rivittyy viesteissä.",
        "Pidä se alle 80:n; kirjoita koko teksti kohtaan `text`.",
    ),
    say.NOT_URL: (
        "`{value}` ei ole verkko-osoite.",
        "Kirjoita esimerkiksi https://www.kunta.example/ohjelma.",
    ),
    say.NO_DOCUMENT: (
        "Asiakirjaa `{value}` ei ole.",
        "Pane se tiedoston programme.yaml kansioon, tai poista `document` ja anna `url`.",
    ),
    say.DOCUMENT_LARGE: (
        "Asiakirjassa `{value}` on {size} Mt; moni postipalvelin ei ota sitä vastaan.",
        "Pienennä sitä, tai poista se ja anna `url`.",
    ),
    say.NOT_ADDRESS: (
        "`{value}` ei ole sähköpostiosoite.",
        "Kirjoita esimerkiksi rooli@kunta.example.",
    ),
    say.NO_ADDRESS: (
        "Yhteyshenkilöllä `{contact}` ei ole osoitetta.",
        "Kirjoita sähköpostiosoite kohtaan `address:`.",
    ),
    say.NOT_OUR_LANGUAGE: (
        "`{value}` ei ole kieli, jolla viestejä kirjoitetaan.",
        "Käytä: fi, sv tai en.",
    ),
    say.PARTY_NOT_IN_PROGRAMME: (
        "`{party}` ei ole minkään ohjelman vastuutaho.",
        "{hint}",
    ),
    say.PARTY_WITHOUT_CONTACT: (
        "Vastuutaho `{party}` vastaa kierroksen {round} toimenpiteistä, mutta sillä ei ole yhteyshenkilöä.",
        "Lisää `{party}: [tunniste]` tiedoston contacts.yaml kohtaan `parties`.",
    ),
    say.PARTY_WITHOUT_CONTACT_YET: (
        "Vastuutaholla `{party}` ei ole yhteyshenkilöä; toistaiseksi mikään kierros ei kysy siltä.",
        "Lisää `{party}: [tunniste]` tiedoston contacts.yaml kohtaan `parties`.",
    ),
    say.ADDRESS_OF_TWO: (
        "{address} toimii {count} vastuutahon puolesta: {parties}. Se saa yhden viestin kaikista.",
        "",
    ),
    say.ADDRESS_TWICE: (
        "{address} on myös yhteyshenkilöllä `{other}`, rivillä {line}.",
        "Jätä yksi ja nimeä se molemmille tahoille.",
    ),
}

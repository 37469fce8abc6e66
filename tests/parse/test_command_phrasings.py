"""Every verb in three languages, at least ten ways each, and beside each way the lines that must not be carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from reminder.domain.commands import Command, Verb
from reminder.domain.programme import Language
from reminder.parse.commands import read_line, read_orders

TODAY = date(2025, 3, 3)
ID, MAIJA = "abcdefgh2345", "maija.meri@suvikoski.example"

WAYS: Mapping[Verb, Mapping[Language, tuple[str, ...]]] = {
    Verb.ACCEPT: {
        "fi": ("hyväksy 12", "hyväksyn vastauksen 12", "12 hyväksytään", "vastaus 12 kelpaa"),
        "sv": ("godkänn 12", "accepterar svar 12", "svar 12 godkänns", "ta med svar 12"),
        "en": ("accept 12", "reply 12 is fine", "approve 12", "12 accepted"),
    },
    Verb.REJECT: {
        "fi": ("hylkää 12: väärä kierros", "vastaus 12 hylätään", "hylkään viestin 12", "12 ei kelpaa"),
        "sv": ("avslå 12: fel runda", "svar 12 avvisas", "förkasta svar 12", "12 tas inte med"),
        "en": ("reject 12: wrong round", "12 rejected", "turn down 12", "reply 12 does not count"),
    },
    Verb.DISCARD: {
        "fi": ("ohita 12", "12 ei vaadi toimia", "sivuutetaan 12", "arkistoi viesti 12"),
        "sv": ("lägg undan 12", "bortse från 12", "12 kräver inget", "arkivera mejlet 12"),
        "en": ("discard 12", "put away 12", "ignore mail 12", "12 needs nothing"),
    },
    Verb.ANSWERED: {
        "fi": ("vastattu 12", "12 on vastattu", "12 vastattiin", "merkitse vastatuksi 12"),
        "sv": ("besvarad 12", "12 är besvarad", "responsen besvarad 12", "markera som besvarad 12"),
        "en": ("answered 12", "12 was answered", "mark as answered 12", "i answered 12"),
    },
    Verb.RECORD: {
        "fi": ("kirjaa 3.10 vihreä: avattiin", "merkitse 3.10 keltaiseksi", "kirjataan toimenpide 3.10 punainen", "kirjaa 3.10 valmis"),
        "sv": ("anteckna 3.10 grön: öppnades", "skriv in 3.10 gul", "registrera åtgärd 3.10 röd", "för in 3.10 grön"),
        "en": ("record 3.10 green: it opened", "enter 3.10 as yellow", "note down action 3.10 red", "log 3.10 green"),
    },
    Verb.EXTEND: {
        "fi": (
            "lisäaikaa rehtorille 15.4. asti: lomat",
            "anna rehtorille kaksi viikkoa lisäaikaa",
            "myönnetään lisäaikaa rehtorille 10 arkipäivää",
            "rehtori saa lisäaikaa 15.4. asti",
        ),
        "sv": (
            "mera tid rektorn till 15.4.: semester",
            "ge rektorn två veckor mera tid",
            "förläng rektorn till 15.4.",
            "rektorn får anstånd till 15.4.",
        ),
        "en": (
            "extend rector until 15 April: holidays",
            "give the rector two weeks more time",
            "more time for the rector until 15 April",
            "grant an extension to the rector until 15 April",
        ),
    },
    Verb.WAIVE: {
        "fi": ("älä kysy 3.10: lakkautettu", "3.10 jätetään pois", "jätä kysymättä 3.10", "vapauta 3.10"),
        "sv": ("fråga inte 3.10: nedlagd", "3.10 lämnas bort", "slopa 3.10", "3.10 behöver inte rapporteras"),
        "en": ("waive 3.10: closed down", "do not ask 3.10", "leave out 3.10", "skip 3.10"),
    },
    Verb.REMIND: {
        "fi": ("muistuta rehtoria", "lähetä muistutus rehtorille", "karhua rehtoria", "muistutus nyt rehtorille"),
        "sv": ("påminn rektorn", "skicka en påminnelse till rektorn", "påminnelse nu till rektorn", "rektorn påminns"),
        "en": ("remind rector", "send a reminder to the rector", "nudge the rector", "chase the rector"),
    },
    Verb.PAUSE: {
        "fi": ("tauko 15.4. asti", "keskeytä lähetykset", "pidä tauko", "pysäytä viestit"),
        "sv": ("paus till 15.4.", "avbryt utskicken", "ta paus", "stoppa mejlen"),
        "en": ("pause until 15 April", "hold the mails", "stop sending", "suspend"),
    },
    Verb.RESUME: {
        "fi": ("jatka", "jatka lähetyksiä", "lopeta tauko", "tauko ohi"),
        "sv": ("fortsätt", "fortsätt utskicken", "avsluta pausen", "pausen är slut"),
        "en": ("resume", "continue sending", "end the pause", "the pause is over"),
    },
    Verb.RELEASE: {
        "fi": (f"lähetä viesti {ID}", f"päästä {ID}", f"{ID} saa lähteä", f"lähetä uudelleen {ID}"),
        "sv": (f"skicka mejlet {ID}", f"släpp {ID}", f"{ID} får gå", f"skicka på nytt {ID}"),
        "en": (f"release {ID}", f"send again {ID}", f"{ID} may go", f"resend {ID}"),
    },
    Verb.CANCEL: {
        "fi": (f"peru viesti {ID}", f"älä lähetä {ID}", f"{ID} perutaan", f"jätä lähettämättä {ID}"),
        "sv": (f"avbryt {ID}", f"skicka inte {ID}", f"ta bort mejlet {ID}", f"{ID} stryks"),
        "en": (f"cancel {ID}", f"do not send {ID}", f"call off {ID}", f"drop {ID}"),
    },
    Verb.SETTLE: {
        "fi": (f"kuittaa viesti {ID}", f"{ID} on perillä", f"viesti {ID} meni perille", f"{ID} saapui"),
        "sv": (f"kvittera mejlet {ID}", f"{ID} är framme", f"mejlet {ID} kom fram", f"{ID} har anlänt"),
        "en": (f"settle {ID}", f"{ID} has arrived", f"mail {ID} was delivered", f"{ID} got there"),
    },
    Verb.CLOSE: {
        "fi": ("sulje kierros", "kierros suljetaan", "päätä kierros", "lopeta kierros"),
        "sv": ("stäng rundan", "rundan stängs", "avsluta omgången", "rundan avslutas"),
        "en": ("close the round", "end the round", "finish the round", "the round is closed"),
    },
    Verb.REOPEN: {
        "fi": (
            "avaa kierros 30.5. asti",
            "kierros avataan 30.5. asti",
            "avaa kierros uudelleen 30.5. asti",
            "pidennä kierrosta kaksi viikkoa",
        ),
        "sv": ("öppna rundan till 30.5.", "rundan öppnas till 30.5.", "öppna rundan igen till 30.5.", "förläng rundan två veckor"),
        "en": ("reopen the round until 30 May", "open the round again until 30 May", "extend the round two weeks", "reopen until 30 May"),
    },
    Verb.APPROVE: {
        "fi": ("hyväksy ennakot", "hyväksyn ennakot", "ennakot kelpaavat", "hyväksy pyynnöt"),
        "sv": ("godkänn utskicken", "utskicken godkänns", "utskicken får gå", "godkänn begärandena"),
        "en": ("approve the previews", "previews approved", "the previews may go", "approve requests"),
    },
    Verb.STOP: {
        "fi": ("hylkää ennakot", "ennakot hylätään", "pysäytä ennakot", "hylkää pyynnöt"),
        "sv": ("avslå utskicken", "utskicken avslås", "stoppa förhandsvisningen", "avslå begärandena"),
        "en": ("reject the previews", "stop the previews", "reject requests", "hold the previews"),
    },
    Verb.REFUSE: {
        "fi": ("ei lisäaikaa rehtorille: kokous on jo 3.4.", "lisäaikaa ei myönnetä rehtorille", "hylkää pyyntö rehtori", "epää rehtori"),
        "sv": ("ingen mera tid rektorn: mötet är 3.4.", "avslå begäran rektorn", "neka rektorn", "inget anstånd rektorn"),
        "en": ("refuse more time rector: the meeting is on 3 April", "no more time rector", "deny the request rector", "decline rector"),
    },
    Verb.CONTACT: {
        "fi": (
            f"uusi yhteyshenkilö rehtori: {MAIJA}",
            f"vaihda yhteyshenkilö rehtori: {MAIJA}",
            f"uusi osoite rehtorille: {MAIJA}",
            f"korvaa yhteyshenkilö rehtori: {MAIJA}",
        ),
        "sv": (
            f"ny kontaktperson rektorn: {MAIJA}",
            f"byt kontaktperson rektorn: {MAIJA}",
            f"ny adress rektorn: {MAIJA}",
            f"ersätt kontaktperson rektorn: {MAIJA}",
        ),
        "en": (
            f"new contact rector: {MAIJA}",
            f"replace contact rector: {MAIJA}",
            f"new address rector: {MAIJA}",
            f"change the contact rector: {MAIJA}",
        ),
    },
    Verb.DEPUTY: {
        "fi": (
            f"sijainen rehtori: {MAIJA}",
            f"lisää sijainen rehtorille: {MAIJA}",
            f"nimeä sijainen rehtori: {MAIJA}",
            f"varahenkilö rehtori: {MAIJA}",
        ),
        "sv": (
            f"ställföreträdare rektorn: {MAIJA}",
            f"ny ersättare rektorn: {MAIJA}",
            f"lägg till vikarie rektorn: {MAIJA}",
            f"ersättare rektorn: {MAIJA}",
        ),
        "en": (
            f"deputy rector: {MAIJA}",
            f"add a deputy for the rector: {MAIJA}",
            f"name a deputy rector: {MAIJA}",
            f"stand-in rector: {MAIJA}",
        ),
    },
    Verb.HAND_OVER: {
        "fi": (f"luovuta koosteet: {MAIJA}", f"uusi koordinaattori: {MAIJA}", f"seuraajani on {MAIJA}", f"siirrä koosteet: {MAIJA}"),
        "sv": (f"lämna över: {MAIJA}", f"ny samordnare: {MAIJA}", f"min efterträdare är {MAIJA}", f"överlämna sammandragen: {MAIJA}"),
        "en": (f"hand over: {MAIJA}", f"new coordinator: {MAIJA}", f"my successor is {MAIJA}", f"hand the desk over: {MAIJA}"),
    },
    Verb.PUBLISH: {
        "fi": ("julkaise 3.10", "julkaistaan 3.10", "julkaise teksti 3.10", "julkaise kaikki tekstit"),
        "sv": ("publicera 3.10", "publicera texten 3.10", "texten publiceras 3.10", "publicera alla texterna"),
        "en": ("publish 3.10", "publish the text 3.10", "make public 3.10", "publish all texts"),
    },
    Verb.CORRECT: {
        "fi": (
            "korjaa 3.10: avattiin keväällä",
            "korjataan teksti 3.10: avattiin",
            "muuta teksti 3.10: avattiin",
            "oikaise 3.10: avattiin",
        ),
        "sv": ("rätta 3.10: öppnades", "rätta texten 3.10: öppnades", "ändra texten 3.10: öppnades", "korrigera 3.10: öppnades"),
        "en": ("correct 3.10: it opened", "amend 3.10: it opened", "change the text 3.10: it opened", "reword 3.10: it opened"),
    },
    Verb.STATUS: {
        "fi": ("lähetä kooste", "kooste nyt", "näytä tilanne", "tilannekatsaus"),
        "sv": ("skicka sammandraget", "sammandrag nu", "visa läget", "nytt sammandrag"),
        "en": ("send the digest", "digest now", "show status", "new digest"),
    },
    Verb.REPORT: {
        "fi": ("lähetä raportti", "raportti nyt", "lähetä seurantaraportti", "uusi raportti"),
        "sv": ("skicka rapporten", "rapporten nu", "skicka rapport", "skicka uppföljningsrapporten"),
        "en": ("send the report", "report now", "send the follow-up report", "new report"),
    },
    Verb.TAKE_BACK: {
        "fi": ("peru lisäaika rehtori", "kumoa lisäaika rehtori", "perutaan sijainen rehtori", "ota takaisin julkaisu 3.10"),
        "sv": ("ångra mera tid rektorn", "återta anståndet rektorn", "upphäv ersättaren rektorn", "ta tillbaka publiceringen 3.10"),
        "en": ("undo extension rector", "revoke the extension rector", "withdraw the deputy rector", "take back the publication 3.10"),
    },
}
"""Four ways to begin with; the dressings below make sixteen of them."""
DRESSED: Mapping[Language, tuple[str, ...]] = {
    "fi": ("{}", "- {}", "Ole hyvä ja {}", "ok, {}"),
    "sv": ("{}", "- {}", "var snäll och {}", "ok, {}"),
    "en": ("{}", "- {}", "please {}", "ok, {}"),
}
WRONG: Mapping[Language, tuple[str, ...]] = {
    "fi": ("{}?", "en {}", "jos {}", "ehkä {}", "onko niin että {}", "{} vasta huomenna"),
    "sv": ("{}?", "inte {}", "om {}", "kanske {}", "borde vi {}", "{} men vänta"),
    "en": ("{}?", "never {}", "if {}", "maybe {}", "should we {}", "{} unless she calls"),
}
"""A question, a negation, a condition, a doubt, another question, and a second thought."""


def lines() -> Iterator[tuple[Verb, Language, str]]:
    """Each way of each verb in each language."""
    for verb, ways in WAYS.items():
        for language, written in ways.items():
            for line in written:
                yield verb, language, line


def test_every_verb_has_at_least_ten_ways_in_each_language() -> None:
    """Nothing is left out when a verb is added."""
    assert set(WAYS) == set(Verb)
    for verb, ways in WAYS.items():
        for language, written in ways.items():
            assert len(set(written)) * len(DRESSED[language]) >= 10, (verb, language)


@pytest.mark.parametrize("verb", Verb)
def test_each_way_is_that_command_and_no_other(verb: Verb) -> None:
    """Plain, as an item of a list, with a courtesy, in capitals: the same verb with the same objects."""
    for language, written in WAYS[verb].items():
        for line in written:
            plain = read_line(line, TODAY)
            assert isinstance(plain, Command), (line, plain)
            assert plain.verb is verb, (line, plain)
            for dress in DRESSED[language]:
                (found,) = read_orders(dress.format(line), TODAY).commands or (None,)
                assert found is not None, dress.format(line)
                assert (found.verb, found.mails, found.actions, found.until, found.party.casefold()) == (
                    verb,
                    plain.mails,
                    plain.actions,
                    plain.until,
                    plain.party.casefold(),
                ), dress.format(line)


@pytest.mark.parametrize("verb", Verb)
def test_the_wrong_lines_beside_each_way_are_not_carried_out(verb: Verb) -> None:
    """A question, a negation, a condition or a doubt before or behind it, in the language of the line."""
    carried = [
        wrong.format(line)
        for language, written in WAYS[verb].items()
        for line in written
        for wrong in WRONG[language]
        if read_orders(wrong.format(line), TODAY).commands and not _is_reason(wrong, line)
    ]
    assert carried == []


def _is_reason(wrong: str, line: str) -> bool:
    """What stands behind the colon of a command is its reason, in whatever words."""
    return wrong.startswith("{}") and wrong != "{}?" and ":" in line

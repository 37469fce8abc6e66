"""Free lines: on top, below, in one line, with words of all kinds, sweeps, numbers, forwards."""

from __future__ import annotations

from collections.abc import Iterator

from reminder.sandbox.clients import gmail_web, iphone, outlook_desktop, owa, plain, thunderbird
from reminder.sandbox.originals import Filled, Writer
from tests.corpus.building import ALL, answer, applied, asked
from tests.corpus.clients import below, forward, mutt
from tests.corpus.expected import Case, Said, green, red, yellow
from tests.corpus.world import CITY, COLLEGE, CULTURE, DIRECTOR, INFRA, LYCEUM, MARKETING, PLANNING, TOURISM, TRAVEL

SIGNATURE = "Terveisin\nKaavoitus\nPuh. 09 4245 0122"
BOTH = {"1.5": green(), "4.4": yellow()}


def list_cases() -> Iterator[Case]:
    """All of this file."""
    yield from _every_program()
    yield from _shapes()
    yield from _below_and_phases()
    yield from _sweeps()
    yield from _asks()
    yield from _forwards()


def _every_program() -> Iterator[Case]:
    said = applied({"1.5": green("Yleissuunnitelma hyväksyttiin joulukuussa."), "4.4": yellow("Kunnallistekniikka on kesken.")}, missing=())
    top = "Hei!\n\n1.5: vihreä\nYleissuunnitelma hyväksyttiin joulukuussa.\n\n4.4: keltainen\nKunnallistekniikka on kesken."
    for name, client in ALL.items():
        yield answer(f"lines-fi-{name}", client, PLANNING, said, top=top, signature=SIGNATURE)
    swedish = applied({"2.4": yellow("en kurs flyttades"), "2.1": green("")}, missing=())
    english = applied({"3.1": green("2,100 visitors a month"), "3.3": red("no budget")}, missing=())
    for name in ("outlook-desktop", "gmail-web", "iphone", "plain"):
        yield answer(f"lines-sv-{name}", ALL[name], COLLEGE, swedish, top="Hej,\n\n2.4: gul, en kurs flyttades\n2.1: grön\n\nMvh\nRektor")
        yield answer(
            f"lines-en-{name}",
            ALL[name],
            TOURISM,
            english,
            top="Hello,\n\n3.1: green, 2,100 visitors a month\n3.3: red, no budget\n\nBest regards",
        )


def _shapes() -> Iterator[Case]:
    shapes = {
        "dash": "1.5 - vihreä\n4.4 - keltainen, myöhässä",
        "brackets": "[1.5] vihreä\n[4.4] keltainen",
        "hash": "#1.5 vihreä\n#4.4 keltainen",
        "paren": "1.5) vihreä\n4.4) keltainen",
        "dot": "1.5. vihreä\n4.4. keltainen",
        "equals": "1.5 = vihreä\n4.4 = keltainen",
        "word": "Toimenpide 1.5 on vihreä, hyväksyttiin joulukuussa\nToimenpide 4.4 on keltainen, koska kunnallistekniikka on kesken",
        "kohta": "Kohta 1.5: vihreä.\nKohta 4.4: keltainen.",
        "one-line": "1.5 vihreä, 4.4 keltainen",
        "one-line-and": "1.5 vihreä ja 4.4 keltainen",
        "slash": "1.5 vihreä / 4.4 keltainen",
        "emoji": "1.5 🟢\n4.4 🟡",
        "emoji-variation": "1.5: 🟢\ufe0f\n4.4: 🟡\ufe0f",
        "tabs": "1.5\tvihreä\n4.4\tkeltainen",
        "bullets": "- 1.5: vihreä\n- 4.4: keltainen",
        "stars": "* 1.5 vihreä\n* 4.4 keltainen",
        "titles": "Torin ympäristön yleissuunnitelma: vihreä\nYritystontit luovutuskuntoon: keltainen",
        "number-and-title": "1.5 Torin ympäristön yleissuunnitelma: vihreä\n4.4 Yritystontit luovutuskuntoon: keltainen",
        "heads-copied": "[1.5] Torin ympäristön yleissuunnitelma\nTila: vihreä\n[4.4] Yritystontit luovutuskuntoon\nTila: keltainen",
        "light-below-number": "1.5\nvihreä\n\n4.4\nkeltainen",
        "capitals": "1.5: VIHREÄ\n4.4: KELTAINEN",
        "endings": "1.5 vihreällä\n4.4 keltaisella",
        "typos": "1.5: vihree\n4.4: keltanen",
        "english-words": "1.5: green\n4.4: amber",
        "swedish-words": "1.5: grön\n4.4: gul",
        "letters": "1.5: V\n4.4: K",
        "nbsp": "1.5:\u00a0vihreä\n4.4\u00a0:\u00a0keltainen",
        "zero-width": "1.5: vih\u200breä\n4.4: kel\u00adtainen",
        "decomposed": "1.5: vihrea\u0308\n4.4: keltainen",
        "smart-quotes": "1.5: “vihreä”\n4.4: ”keltainen”",
        "full-stop": "1.5 vihreä.\n4.4 keltainen.",
        "fullwidth-colon": "1.5：vihreä\n4.4：keltainen",
    }
    for name, top in shapes.items():
        yield answer(f"shape-{name}", thunderbird, PLANNING, applied(BOTH, missing=()), top=top)


def _below_and_phases() -> Iterator[Case]:
    yield answer("below-the-quotation", below, PLANNING, applied(BOTH, missing=()), top="1.5: vihreä\n4.4: keltainen", signature=SIGNATURE)
    yield answer("below-sv", below, COLLEGE, applied({"2.4": red("")}, missing=()), top="2.4: röd")
    yield answer("below-en", below, TOURISM, applied({"3.1": green(""), "3.3": yellow("")}), top="3.1 green\n3.3 amber")
    yield answer(
        "phases", owa, MARKETING,
        applied({"3.10": Said(light="green", phase="ongoing"), "3.11": Said(phase="done", text="")}, missing=()),
        top="3.10: vihreä, käynnissä\n3.11: valmis",
    )  # fmt: skip
    yield answer(
        "phase-that-settles-nothing", owa, MARKETING,
        applied({"3.10": Said(phase="not_started"), "3.11": green("")}, asks={"3.10": "no_light"}, missing=()),
        top="3.10: ei aloitettu\n3.11: vihreä",
    )  # fmt: skip
    yield answer(
        "postponed", gmail_web, MARKETING, applied({"3.10": Said(phase="postponed")}, missing=("3.11",)), top="3.10: lykätty vuoteen 2026"
    )
    yield answer("phase-sv", plain, COLLEGE, applied({"2.4": Said(light="yellow", phase="ongoing")}), top="2.4: gul, pågår")
    yield answer(
        "next-in-the-line", gmail_web, PLANNING,
        applied({"4.4": yellow("Kaksi tonttia puuttuu.", next="asemakaava", by="2025-06-30")}, missing=("1.5",)),
        top="4.4: keltainen. Kaksi tonttia puuttuu. Seuraavaksi: asemakaava 30.6. mennessä",
    )  # fmt: skip
    yield answer("only-one-asked-bare-light", iphone, LYCEUM, applied({"2.1": green("")}, missing=()), top="2.1 vihreä")
    yield answer("several-numbers", mutt, CULTURE, applied({"1.1": green(), "1.10": green(), "3.8": red()}, missing=()),
                 top="1.1, 1.10: vihreä\n3.8: punainen")  # fmt: skip
    yield answer(
        "numbers-alike", mutt, CULTURE, applied({"1.1": red(), "1.10": green()}, missing=("3.8",)), top="1.10 vihreä\n1.1 punainen"
    )
    yield answer(
        "range-of-whole-form", thunderbird, PLANNING, applied({"1.5": green(), "4.4": green()}, missing=()), top="1.5 ja 4.4: vihreä"
    )


def _sweeps() -> Iterator[Case]:
    yield answer(
        "all-green", gmail_web, CULTURE, applied({"1.1": green(), "1.10": green(), "3.8": green()}, missing=()), top="Kaikki vihreällä!"
    )
    yield answer(
        "all-green-en", outlook_desktop, TOURISM, applied({"3.1": green(), "3.3": green()}, missing=()), top="All green, thanks for asking."
    )
    yield answer("all-green-sv", iphone, COLLEGE, applied({"2.4": green()}, missing=()), top="Allt är grönt.")
    yield answer(
        "others-green", outlook_desktop, CULTURE, applied({"3.8": red("ei henkilökuntaa"), "1.1": green(), "1.10": green()}, missing=()),
        top="3.8: punainen, ei henkilökuntaa\nMuut vihreitä.",
    )  # fmt: skip
    yield answer(
        "all-but-one", owa, CULTURE, applied({"1.1": green(), "1.10": green(), "3.8": yellow()}, missing=()),
        top="Kaikki vihreitä paitsi 3.8\n3.8 keltainen",
    )  # fmt: skip
    yield answer(
        "others-beside-the-form", outlook_desktop, CULTURE,
        applied({"1.10": red("Ei järjestäjää."), "1.1": green(), "3.8": green()}, missing=()),
        top="Muut vihreällä.", filled={"1.10": Filled(light="punainen", done="Ei järjestäjää.")},
    )  # fmt: skip
    yield answer("others-in-one-line", plain, CULTURE, applied({"3.8": red(), "1.1": green(), "1.10": green()}, missing=()),
                 top="3.8 punainen, muut vihreitä")  # fmt: skip
    yield answer(
        "two-parties-all", outlook_desktop, DIRECTOR, applied({"4.2": green(), "4.3": green()}, missing=()), top="Kaikki vihreällä."
    )


def _asks() -> Iterator[Case]:
    rows: dict[str, tuple[str, dict[str, str], dict[str, Said]]] = {
        "two-lights": ("1.5: vihreä/keltainen\n4.4: vihreä", {"1.5": "two_lights"}, {"4.4": green()}),
        "two-lines-contradict": ("1.5: vihreä\n4.4: vihreä\n1.5: punainen", {"1.5": "two_lights"}, {"4.4": green()}),
        "negation": ("1.5: ei enää punainen\n4.4: vihreä", {"1.5": "negation"}, {"4.4": green()}),
        "question": ("1.5: vihreä?\n4.4: vihreä", {"1.5": "question_mark"}, {"4.4": green()}),
        "unknown-word": ("1.5: sininen\n4.4: vihreä", {"1.5": "no_light"}, {"4.4": green()}),
        "no-light": ("1.5: Luonnos on nähtävillä ja etenee hyvin.\n4.4: vihreä", {"1.5": "no_light"}, {"4.4": green()}),
        "unknown-number": ("7.7: punainen\n4.4: vihreä", {"7.7": "unknown_number"}, {"4.4": green()}),
        "hedge": ("1.5: melkein vihreä\n4.4: vihreä", {"1.5": "unknown_word"}, {"4.4": green()}),
        "change": ("1.5: menossa vihreäksi\n4.4: vihreä", {"1.5": "unknown_word"}, {"4.4": green()}),
        "was": ("1.5: oli punainen\n4.4: vihreä", {"1.5": "unknown_word"}, {"4.4": green()}),
    }
    for name, (top, asks, answers) in rows.items():
        missing = tuple(number for number in ("1.5", "4.4") if number not in asks and number not in answers)
        yield answer(f"ask-{name}", gmail_web, PLANNING, applied(answers, asks=asks, missing=missing), top=top)
    fields = {
        "form-two-lights": ("vihreä tai keltainen", "two_lights"),
        "form-negation": ("ei vihreä", "negation"),
        "form-question": ("keltainen?", "question_mark"),
        "form-unknown-word": ("sininen", "unknown_word"),
        "form-all-three-typed": ("vihreä, keltainen, punainen", ""),
    }
    for name, (light, reason) in fields.items():
        expected = asked({"1.5": reason} if reason else {}, missing=("4.4",) if reason else ("1.5", "4.4"))
        yield answer(f"ask-{name}", outlook_desktop, PLANNING, expected, filled={"1.5": Filled(light=light)})
    yield answer("ask-negation-sv", gmail_web, COLLEGE, asked({"2.4": "negation"}, missing=()), top="2.4: inte längre röd")
    yield answer("ask-negation-en", gmail_web, TOURISM, asked({"3.1": "negation"}, missing=("3.3",)), top="3.1: not green yet")
    yield answer("ask-swedish-letter-g", plain, COLLEGE, asked({"2.4": "no_light"}, missing=()), top="2.4: G")
    yield answer("prose-only", iphone, PLANNING, asked(missing=("1.5", "4.4")), top="Palaan asiaan ensi viikolla, kun saan tiedot.")
    yield answer(
        "prose-with-colours", owa, PLANNING, asked(missing=("1.5", "4.4")),
        top="Hei, vihreä siirtymä on meillä tärkeä, ja punainen lanka on kateissa. Keltaisen talon asia odottaa. Palaan pian.",
    )  # fmt: skip
    yield answer(
        "answers-in-red-font", outlook_desktop, PLANNING, applied({"4.4": green("Tontit ovat valmiina.")}, missing=("1.5",)),
        top="Hei, vastaukset alla punaisella.", filled={"4.4": Filled(light="vihreä", done="Tontit ovat valmiina.")},
    )  # fmt: skip


def _forwards() -> Iterator[Case]:
    colleague = Writer(address=f"kaavasuunnittelija@{CITY}", name="Kaavasuunnittelija", language="fi")
    yield answer(
        "forward-colleague-on-top", forward, PLANNING, applied({"1.5": yellow("Luonnos on kesken.")}, missing=("4.4",), trust="domain"),
        top="1.5: keltainen\nLuonnos on kesken.", writer=colleague,
    )  # fmt: skip
    yield answer(
        "forward-colleague-in-form", forward, PLANNING, applied({"4.4": red("Tontteja ei ole.")}, missing=("1.5",), trust="domain"),
        filled={"4.4": Filled(light="punainen", done="Tontteja ei ole.")}, writer=colleague,
    )  # fmt: skip
    yield answer("forward-colleague-says-nothing", forward, PLANNING, asked(missing=("1.5", "4.4")), top="Palaan tähän.", writer=colleague)
    yield answer(
        "forward-sv", forward, COLLEGE, applied({"2.4": yellow("")}, missing=(), trust="domain"), top="2.4: gul",
        writer=Writer(address="studierektor@kuusiharju.example", name="Studierektor", language="sv"),
    )  # fmt: skip
    yield answer(
        "forward-en", forward, TOURISM, applied({"3.1": red("")}, missing=("3.3",), trust="domain"), top="3.1: red",
        writer=Writer(address=f"tapahtumat@{CITY}", name="Events", language="en"),
    )  # fmt: skip
    yield answer(
        "deputy-answers", owa, INFRA, applied({"1.6": green()}, missing=("3.6",), trust="deputy"), top="1.6: vihreä",
        writer=Writer(address=f"kunnossapito@{CITY}", name="Kunnossapitomestari"),
    )  # fmt: skip
    yield answer(
        "company-colleague", gmail_web, TRAVEL, applied({"3.2": green(), "3.4": yellow()}, missing=(), trust="domain"),
        top="3.2: vihreä\n3.4: keltainen", writer=Writer(address="myynti@suvimatkat.example", name="Myynti"),
    )  # fmt: skip

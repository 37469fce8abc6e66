"""The form filled in, in every program and language; option lists edited; light links; HTML alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from reminder.domain.assessments import TrafficLight
from reminder.domain.programme import Language
from reminder.sandbox.clients import gmail_web, open_link, outlook_desktop, owa, thunderbird
from reminder.sandbox.originals import Filled, Typed, find_light_link
from reminder.wire.answer_block import BLOCK_WORDS
from tests.corpus.building import QUOTING, answer, applied, asked, moment, original_of, writer_for
from tests.corpus.clients import between, edit_label, html_only
from tests.corpus.expected import Case, Said, green, red, yellow
from tests.corpus.world import COLLEGE, CULTURE, HOMES, INFRA, JOBS, LYCEUM, PLANNING, REMINDER, REQUEST, TOURISM, TRAVEL
from tests.sandbox.mails import write_mail

FINNISH = {
    "1.5": Filled(
        light="keltainen", done="Luonnos on nähtävillä, hyväksyminen siirtyi syksyyn.", next="Hyväksyminen valtuustossa 15.5.2025"
    ),
    "4.4": Filled(light="vihreä", done="Luovutettavissa on kuusi tonttia."),
}
SWEDISH = {"2.4": Filled(light="grönt", done="Fyra gemensamma kurser ordnades med 38 studerande.", next="Ny kurs startar senast 30.9.2025")}
ENGLISH = {
    "3.1": Filled(light="green", done="The calendar has 2,100 visitors a month."),
    "3.3": Filled(light="red", done="Signs for six sites are missing – no budget.", next="New application by 30 June 2025"),
}


def list_cases() -> Iterator[Case]:
    """All of this file."""
    yield from _filled()
    yield from _edited_lists()
    yield from _other_ways()
    yield from _words_in_the_field()
    yield from _parts_of_a_form()
    yield from _links()
    yield from _untouched()


def _filled() -> Iterator[Case]:
    fi = applied(
        {
            "1.5": yellow("Luonnos on nähtävillä, hyväksyminen siirtyi syksyyn.", next="Hyväksyminen valtuustossa", by="2025-05-15"),
            "4.4": green("Luovutettavissa on kuusi tonttia."),
        },
        missing=(),
    )
    sv = applied({"2.4": green("Fyra gemensamma kurser ordnades med 38 studerande.", next="Ny kurs startar", by="2025-09-30")}, missing=())
    en = applied(
        {
            "3.1": green("The calendar has 2,100 visitors a month."),
            "3.3": red("Signs for six sites are missing – no budget.", next="New application", by="2025-06-30"),
        },
        missing=(),
    )
    for name, client in QUOTING.items():
        yield answer(f"form-fi-{name}", client, PLANNING, fi, filled=FINNISH)
        yield answer(f"form-sv-{name}", client, COLLEGE, sv, filled=SWEDISH)
        yield answer(f"form-en-{name}", client, TOURISM, en, filled=ENGLISH)


def _edited_lists() -> Iterator[Case]:
    yellow_15 = applied({"1.5": yellow("")}, missing=("4.4",))
    label = "Tila (vihreä / keltainen / punainen):"
    edits = {
        "struck": ("Tila (<s>vihreä /</s> keltainen <strike>/ punainen</strike>):", label),
        "struck-by-style": (
            'Tila (<span style="text-decoration: line-through">vihreä / </span>keltainen'
            '<span style="text-decoration:line-through"> / punainen</span>):',
            label,
        ),
        "others-deleted": ("Tila (keltainen):", "Tila (keltainen):"),
        "all-but-one-deleted": ("Tila keltainen", "Tila keltainen"),
        "only-a-colon-kept": ("Tila: keltainen", "Tila: keltainen"),
        "bold": ("Tila (vihreä / <b>keltainen</b> / punainen):", "Tila (vihreä / *keltainen* / punainen):"),
        "highlighted": ('Tila (vihreä / <span style="background:yellow;mso-highlight:yellow">keltainen</span> / punainen):', label),
        "capitals": ("Tila (vihreä / KELTAINEN / punainen):", "Tila (vihreä / KELTAINEN / punainen):"),
        "crossed": ("Tila (vihreä / x keltainen / punainen):", "Tila (vihreä / x keltainen / punainen):"),
    }
    for name, (rich, plain_label) in edits.items():
        edit = partial(edit_label, number="1.5", rich=rich, plain=plain_label)
        yield answer(f"list-{name}", outlook_desktop, PLANNING, yellow_15, edit=edit)
    two = partial(edit_label, number="1.5", rich="Tila (vihreä / keltainen):", plain="Tila (vihreä / keltainen):")
    yield answer("list-two-left", outlook_desktop, PLANNING, asked({"1.5": "two_lights"}, missing=("4.4",)), edit=two)
    swedish = partial(edit_label, number="2.4", rich="Läge (<b>grön</b> / gul / röd):", plain="Läge (*grön* / gul / röd):")
    yield answer("list-bold-sv", owa, COLLEGE, applied({"2.4": green("")}), edit=swedish)
    english = partial(edit_label, number="3.1", rich="Status (<del>green / </del>yellow<del> / red</del>):")
    yield answer("list-struck-en", gmail_web, TOURISM, applied({"3.1": yellow("")}, missing=("3.3",)), edit=english)


def _other_ways() -> Iterator[Case]:
    both = applied({"1.5": yellow(), "4.4": green()}, missing=())
    for name, client in (("outlook-desktop", outlook_desktop), ("outlook-web", owa), ("gmail", gmail_web)):
        yield answer(f"html-only-{name}", client, PLANNING, both, filled=FINNISH, changes=[html_only])
    yield answer("between-the-lines-fi", between, PLANNING, both, filled=FINNISH)
    yield answer("between-the-lines-en", between, TOURISM, applied({"3.1": green(), "3.3": red()}), filled=ENGLISH)
    table = (
        '<table border="1"><tr><th>Nro</th><th>Tila</th><th>Mitä tehtiin</th></tr>'
        "<tr><td>1.5</td><td>vihreä</td><td>Luonnos valmistui.</td></tr>"
        "<tr><td>4.4</td><td><p>punainen</p></td><td>Tontteja ei ole.</td></tr></table>"
    )
    yield answer(
        "table-typed",
        owa,
        PLANNING,
        applied({"1.5": green("Luonnos valmistui."), "4.4": red("Tontteja ei ole.")}, missing=()),
        top="TAULUKKO",
        changes=[
            html_only,
            lambda raw: raw.replace(b'<div class=3D"elementToProof">TAULUKKO</div>', table.encode("utf-8").replace(b"=", b"=3D")),
        ],
    )
    cell = partial(
        edit_label,
        number="1.5",
        rich="<table><tr><td>Tila (vihreä / keltainen / punainen):</td><td>vihreä</td></tr></table>",
        plain="Tila (vihreä / keltainen / punainen): vihreä",
    )
    yield answer("table-cell-beside-the-label", outlook_desktop, PLANNING, applied({"1.5": green("")}, missing=("4.4",)), edit=cell)


def _words_in_the_field() -> Iterator[Case]:
    words = {
        "light-with-reason": (Filled(light="keltainen, koska rahoitus puuttuu"), yellow("koska rahoitus puuttuu")),
        "light-and-phase": (Filled(light="vihreä, valmis"), Said(light="green", phase="done", text="")),
        "light-twice": (Filled(light="Vihreä - vihreä edelleen."), green("")),
        "emoji": (Filled(light="🟡"), yellow("")),
        "letter": (Filled(light="P"), red("")),
        "typo": (Filled(light="keltanen"), yellow("")),
        "capitals": (Filled(light="VIHREÄ!"), green("")),
        "ending": (Filled(light="punaisella"), red("")),
        "english-word": (Filled(light="green"), green("")),
        "on-its-own-line-with-words": (Filled(light="Tilanne on edelleen vihreä"), green("")),
    }
    for name, (filled, said) in words.items():
        yield answer(f"field-{name}", outlook_desktop, PLANNING, applied({"1.5": said}, missing=("4.4",)), filled={"1.5": filled})


def _parts_of_a_form() -> Iterator[Case]:
    yield answer(
        "reminder-thunderbird",
        thunderbird,
        JOBS,
        applied({"2.2": green("Setelin käytti 164 nuorta."), "2.6": yellow("Syksyn päivä peruttiin.", by="2025-04-09")}, missing=()),
        kind=REMINDER,
        filled={"2.2": Filled(light="vihreä", done="Setelin käytti 164 nuorta."),
                "2.6": Filled(light="keltainen", done="Syksyn päivä peruttiin.", next="Seuraava päivä 9.4.2025")},
    )  # fmt: skip
    yield answer(
        "contribution-only", gmail_web, LYCEUM, applied({"2.4": green("Kursseja oli kaksi.")}, missing=("2.1",)),
        filled={"2.4": Filled(light="vihreä", done="Kursseja oli kaksi.")},
    )  # fmt: skip
    yield answer(
        "second-of-three", owa, CULTURE, applied({"1.10": yellow("Kolme viikkoa pidettiin.")}, missing=("1.1", "3.8")),
        filled={"1.10": Filled(light="keltainen", done="Kolme viikkoa pidettiin.")},
    )  # fmt: skip


def _links() -> Iterator[Case]:
    rows: tuple[tuple[str, str, str, Language, TrafficLight, Filled, Said], ...] = (
        ("fi-green", TRAVEL, "3.2", "fi", TrafficLight.GREEN, Filled(done="Varauksia tuli 340."), green("Varauksia tuli 340.")),
        ("fi-red", HOMES, "1.3", "fi", TrafficLight.RED, Filled(), red("")),
        ("sv-yellow", COLLEGE, "2.4", "sv", TrafficLight.YELLOW, Filled(done="Två kurser av fyra."), yellow("Två kurser av fyra.")),
        (
            "en-green",
            TOURISM,
            "3.3",
            "en",
            TrafficLight.GREEN,
            Filled(done="All ten sites.", next="1 June 2025"),
            green("All ten sites.", by="2025-06-01"),
        ),
    )
    for name, address, number, _, light, filled, said in rows:
        mail = write_mail(address, REQUEST)
        link = find_light_link(original_of(address), number, light)
        raw = open_link(link, writer_for(address), Typed(filled={number: filled}, signature="Terveisin\nPuh. 09 4245 0111"), moment(mail))
        yield Case(name=f"link-{name}", raw=raw, received_at=moment(mail), expected=applied({number: said}))
    mail = write_mail(INFRA, REQUEST)
    address, subject, body = find_light_link(original_of(INFRA), "1.6", TrafficLight.GREEN)
    changed = body.replace("Tila: vihreä", "Tila: keltainen")
    raw = open_link((address, subject, changed), writer_for(INFRA), Typed(), moment(mail))
    yield Case(
        name="link-changed-before-sending", raw=raw, received_at=moment(mail), expected=applied({"1.6": yellow("")}, missing=("3.6",))
    )


def _untouched() -> Iterator[Case]:
    for name, client in QUOTING.items():
        yield answer(f"untouched-fi-{name}", client, PLANNING, asked(missing=("1.5", "4.4")))
    words = BLOCK_WORDS["en"]
    yield answer(
        "untouched-en-form-copied", outlook_desktop, TOURISM, asked(missing=("3.1", "3.3")), top=f"{words.light_label}\n{words.done}:"
    )

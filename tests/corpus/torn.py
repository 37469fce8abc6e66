"""Torn and tampered forms: what gateways, clients without links, cut quotations and earlier mails of one's own do to our form.

The text parts here are what clients make of our HTML part, the targets of the links included; those of `sandbox.clients` are
made of our text part.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator
from html.parser import HTMLParser

from reminder.sandbox.clients import BLOCK_LABELS
from reminder.sandbox.originals import Filled, Original, fill_html, fill_text
from tests.corpus.building import applied, asked, moment, original_of, writer_for
from tests.corpus.clients import reply_headers, write
from tests.corpus.expected import Case, Expected, Said, green, red, yellow
from tests.corpus.world import COLLEGE, CULTURE, LYCEUM, PLANNING, REQUEST, TOURISM
from tests.sandbox.mails import write_mail

FILLED = {
    PLANNING: ("1.5", "keltainen", "Sopimus tehtiin."),
    CULTURE: ("1.1", "keltanen", "Sopimus tehtiin."),
    COLLEGE: ("2.4", "gul", "Avtalet gjordes."),
    TOURISM: ("3.1", "amber", "It was agreed."),
}
MISSING = {PLANNING: ("4.4",), CULTURE: ("1.10", "3.8"), COLLEGE: (), TOURISM: ("3.3",)}
BLOCKS = frozenset({"p", "div", "tr", "table", "h1", "h2", "hr", "blockquote"})


def list_cases() -> Iterator[Case]:
    """All of this file."""
    for address in FILLED:
        yield from _damaged(address)
    yield from _cut_off()
    yield from _own_earlier_mail()
    yield from _lists()
    yield from _lines()


class _Flat(HTMLParser):
    """HTML as a mail program writes it into its text part."""

    def __init__(self, link: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line, self._link, self._href, self._hidden = "", link, "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self._hidden += tag in {"head", "style", "title"} or (tag == "div" and "display:none" in (values.get("style") or ""))
        if tag in BLOCKS:
            self._end()
        if tag == "td" and self._line:
            self._line += " "
        if tag == "a":
            self._href = values.get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag in {"head", "style", "title", "div"}:
            self._hidden -= 1
        if tag == "a" and self._href:
            self._line += self._link.format(self._href)
            self._href = ""
        if tag in BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._line += re.sub(r"\s+", " ", data) if data.strip() else (" " if self._line else "")

    def _end(self) -> None:
        if self._line.strip():
            self.lines.append(self._line.strip())
        self._line = ""


def flat(page: str, link: str = "") -> list[str]:
    """The lines of a page; `link` says how the target of a link is written behind its words."""
    reader = _Flat(link)
    reader.feed(page)
    return reader.lines


def _case(name: str, address: str, body: str, expected: Expected, *, charset: str = "utf-8", subtype: str = "plain") -> Case:
    when = moment(write_mail(address, REQUEST))
    data = body if charset == "utf-8" else body.encode(charset, "replace").decode(charset)
    raw = write(reply_headers(original_of(address), writer_for(address), when), data, charset=charset, cte="base64", subtype=subtype)
    return Case(name=f"torn-{name}", raw=raw, received_at=when, expected=expected)


def _block(original: Original) -> str:
    labels = BLOCK_LABELS[original.language]
    values = (f"{original.sender_name} <{original.sender}>", "14.2.2025 8.00", original.recipient, original.subject)
    return "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))


def _quoted(lines: list[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _damaged(address: str) -> Iterator[Case]:
    """Each way to damage the mail, untouched and with one answer behind a label."""
    original = original_of(address)
    number, light, done = FILLED[address]
    person = address.partition("@")[0].partition(".")[0]
    for state, filled in (("untouched", {}), ("filled", {number: Filled(light=light, done=done)})):
        expected = applied({number: Said(light="yellow", text=done)}, missing=MISSING[address]) if filled else asked()
        page, text = fill_html(original, filled), fill_text(original, filled)
        unlinked = re.sub(r"</?a\b[^>]*>", "", page)
        joined = "\n>\n".join(_quoted(textwrap.wrap(" ".join(block.split("\n")), 60)) for block in text.split("\n\n"))
        bodies = {
            "links-outlook": "Hei,\n\n" + _block(original) + "\n\n" + "\n".join(flat(page, "<{}>")),
            "links-bracket": "Hei,\n\n" + _quoted(flat(page, " [{}]")),
            "links-lost": "Hei,\n\n" + _quoted(flat(page)),
            "paragraphs-joined": "Hei,\n\n" + joined,
            "no-marks": "Hei,\n\n" + text,
            "one-line": "Hei, " + " ".join(text.split()),
        }
        for name, body in bodies.items():
            yield _case(f"{name}-{person}-{state}", address, body, expected)
        yield _case(f"ascii-{person}-{state}", address, "Hei,\n\n" + _quoted(text.split("\n")), expected, charset="ascii")
        yield _case(f"ascii-page-{person}-{state}", address, page, expected, charset="ascii", subtype="html")
        yield _case(f"page-without-links-{person}-{state}", address, unlinked, expected, subtype="html")
        entities = text.replace("ä", "&auml;").replace("ö", "&ouml;")
        if not filled:
            yield _case(f"entities-{person}-{state}", address, "Hei,\n\n" + _quoted(entities.split("\n")), asked())


def _cut_off() -> Iterator[Case]:
    """A quotation that ends within the light links or within the option list gives no light."""
    original = original_of(PLANNING)
    text = "\n".join(flat(re.sub(r"</?a\b[^>]*>", "", original.html)))
    ends = {
        "first-link": "● vihreä",
        "half-link": "● vih",
        "second-link": "▲ keltainen",
        "first-option": "Tila (vihreä",
        "half-option": "(vihreä / kelt",
    }
    for name, end in ends.items():
        cut = text[: text.index(end) + len(end)]
        yield _case(f"cut-{name}", PLANNING, f"Hei\n\n{_block(original)}\n\n{cut}", asked())
        yield _case(f"cut-{name}-quoted", PLANNING, f"Hei\n\n{_quoted(cut.split(chr(10)))}", asked())


def _own_earlier_mail() -> Iterator[Case]:
    """An answer on top of one's own earlier answer: what lies in the earlier one has been read when it came."""
    original = original_of(PLANNING)
    own = f"Lähettäjä: Kaavoitus <{PLANNING}>\nLähetetty: 15.2.2025 9.00\nVastaanottaja: {original.reply_to}\nAihe: VS: raportti"
    before = fill_text(original, {"1.5": Filled(light="keltainen", done="Kesken.")})
    tail = f"\n\n{own}\n\nVastaukset alla.\n\n{_block(original)}\n\n{before}"
    yield _case("own-mail-below-addition", PLANNING, "Lisäys: 4.4 vihreä" + tail, applied({"4.4": green("")}, missing=("1.5",)))
    yield _case("own-mail-below-correction", PLANNING, "Korjaus: 1.5 onkin vihreä" + tail, applied({"1.5": green("")}, missing=("4.4",)))
    yield _case("own-mail-below-nothing", PLANNING, "Kiitos kuittauksesta!" + tail, asked(missing=("1.5", "4.4")))
    marked = _quoted(["1.5: keltainen", "", "14.2.2025 klo 8.00 Elinvoimajaosto kirjoitti:", *_quoted(before.split("\n")).split("\n")])
    body = f"4.4: punainen\n\n15.2.2025 klo 9.00 Kaavoitus <{PLANNING}> kirjoitti:\n{marked}"
    yield _case("own-mail-marked", PLANNING, body, applied({"4.4": red("")}, missing=("1.5",)))


LISTS: tuple[tuple[str, str, Expected], ...] = (
    ("ticked-box", "Tila: ☐ vihreä ☒ keltainen ☐ punainen", applied({"1.5": yellow("")}, missing=("4.4",))),
    ("radio", "Tila: ( ) vihreä (•) keltainen ( ) punainen", applied({"1.5": yellow("")}, missing=("4.4",))),
    ("round-buttons", "Tila: ○ vihreä ● keltainen ○ punainen", applied({"1.5": yellow("")}, missing=("4.4",))),
    ("underlined", "Tila (vihreä / <u>keltainen</u> / punainen):", applied({"1.5": yellow("")}, missing=("4.4",))),
    ("all-coloured", 'Tila (<span style="color:green">vihreä</span> / <span style="color:#cc0">keltainen</span> / punainen):', asked()),
    ("struck-one", "Tila (<s>vihreä</s> / keltainen / punainen):", asked({"1.5": "two_lights"}, missing=("4.4",))),
    ("doubly-escaped", "Tila (vihre&amp;auml; / keltainen / punainen):", asked()),
    ("hidden-value", 'Tila (vihreä / keltainen / punainen): <span style="display:none">vihreä</span>', asked()),
    (
        "picture-of-a-light",
        'Tila (vihreä / keltainen / punainen): <img alt="🟡" src="cid:1">',
        applied({"1.5": yellow("")}, missing=("4.4",)),
    ),
)


def _lists() -> Iterator[Case]:
    """What people do to the option list in a program that writes HTML."""
    original = original_of(PLANNING)
    for name, label, expected in LISTS:
        page = original.html.replace("Tila (vihreä / keltainen / punainen):", label, 1)
        yield _case(f"list-{name}", PLANNING, page, expected, subtype="html")


LINES: tuple[tuple[str, str, str, Expected], ...] = (
    ("previous-assessment", PLANNING, "1.5: edellinen arvio: vihreä", asked({"1.5": "unknown_word"}, missing=("4.4",))),
    ("abbreviated", PLANNING, "1.5: vihr.\n4.4: kelt.", applied({"1.5": green(""), "4.4": yellow("")})),
    ("abbreviated-two", PLANNING, "1.5: vihreä/kelt.", asked({"1.5": "two_lights"}, missing=("4.4",))),
    ("amount", PLANNING, "1,5 miljoonaa: vihreä", asked()),
    ("numbered-list", PLANNING, "1) 1.5 vihreä\n2) 4.4 punainen", applied({"1.5": green(""), "4.4": red("")})),
    ("title-says", PLANNING, "Torin ympäristön yleissuunnitelma on vihreä", applied({"1.5": green("")}, missing=("4.4",))),
    ("heading-before", PLANNING, "Liikennevalot: 1.5 vihreä, 4.4 keltainen", applied({"1.5": green(""), "4.4": yellow("")})),
    ("postscript", PLANNING, "1.5: vihreä\n\nP.S. 1.5 onkin keltainen", asked({"1.5": "two_lights"}, missing=("4.4",))),
    ("all-ours", PLANNING, "Kaikki toimenpiteemme ovat vihreällä.", applied({"1.5": green(""), "4.4": green("")})),
    ("perhaps", PLANNING, "1.5: vihreä, ehkä", asked({"1.5": "unknown_word"}, missing=("4.4",))),
    ("shade", TOURISM, "3.1: light green", asked({"3.1": "unknown_word"}, missing=("3.3",))),
    ("slash-numbers", TOURISM, "3.1/3.3 green", applied({"3.1": green(""), "3.3": green("")})),
    ("status-words", TOURISM, "3.1: status green, 3.3: status red", applied({"3.1": green(""), "3.3": red("")})),
    ("status-of", TOURISM, "Status of 3.1 is green", applied({"3.1": green("")}, missing=("3.3",))),
    ("bare-beside-a-contribution", LYCEUM, "Kiitos!\n\nVihreä, kurssi alkoi.", applied({"2.1": green("kurssi alkoi.")}, missing=())),
    ("bare-in-a-signature", LYCEUM, "Palaan asiaan.\n\nTerveisin\nRehtori\nVihreä, kestävä kaupunki", asked()),
)  # fmt: skip


def _lines() -> Iterator[Case]:
    """Lines on top that were once read wrongly, or not at all."""
    for name, address, top, expected in LINES:
        original = original_of(address)
        yield _case(f"line-{name}", address, f"{top}\n\n{_block(original)}\n\n{original.text}", expected)
        page = "".join(f"<p>{html.escape(line)}</p>" for line in top.split("\n"))
        yield _case(
            f"line-{name}-page",
            address,
            f"{page}<hr><p>{_block(original).replace(chr(10), '<br>')}</p>{original.html}",
            expected,
            subtype="html",
        )

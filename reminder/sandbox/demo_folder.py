"""The folder that the demo leaves behind: every mail as .eml and as a page, a mailbox index, the digest, the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from reminder.domain.programme import Language
from reminder.parse.message import Mail, read_mail

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; }
p.lead { margin-top: 0; }
nav { margin: 1rem 0; }
nav a { margin-right: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; }
tr.in td:first-child { border-left: 4px solid #2b6cb0; }
tr.out td:first-child { border-left: 4px solid #7a8a8a; }
td.when { white-space: nowrap; }
.note { opacity: .75; font-size: .9rem; }
pre { white-space: pre-wrap; background: var(--soft); padding: 1rem; border-radius: .4rem; overflow-wrap: anywhere; }
iframe { width: 100%; height: 60rem; border: 1px solid var(--line); border-radius: .4rem; background: #fff; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The words around a mail. `facts` name the time, the sender, the recipient and the subject."""

    facts: tuple[str, str, str, str]
    raw: str
    as_text: str
    as_html: str
    back: str


_WORDS: Mapping[Language, _Words] = {
    "fi": _Words(
        facts=("Aika", "Lähettäjä", "Vastaanottaja", "Aihe"),
        raw="Tiedosto",
        as_text="Tekstinä",
        as_html="Muotoiltuna",
        back="Kaikki viestit",
    ),
    "sv": _Words(
        facts=("Tid", "Avsändare", "Mottagare", "Ämne"), raw="Fil", as_text="Som text", as_html="Formaterat", back="Alla meddelanden"
    ),
    "en": _Words(facts=("When", "From", "To", "Subject"), raw="Raw", as_text="As text", as_html="As HTML", back="All mails"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the mailbox index."""

    at: datetime
    is_outgoing: bool
    kind: str
    who: str
    subject: str
    name: str
    note: str = ""


@dataclass(slots=True, kw_only=True)
class DemoFolder:
    """Writes as the year goes by; `write_index` ends it."""

    root: Path
    zone: ZoneInfo
    language: Language = "en"
    """Of the words around the mails."""
    entries: list[Entry] = field(default_factory=list)

    def keep(self, raw: bytes, *, at: datetime, is_outgoing: bool, kind: str, who: str, note: str = "") -> Entry:
        """Keeps one mail as it was on the wire and as a page."""
        mail = read_mail(raw)
        direction = "out" if is_outgoing else "in"
        slug = re.sub(r"[^a-z0-9]+", "-", who.split("@")[0].lower()).strip("-")[:40]
        name = f"{len(self.entries) + 1:03}-{at.astimezone(self.zone):%Y-%m-%d}-{direction}-{kind}-{slug}"
        folder = self.root / "mails"
        folder.mkdir(parents=True, exist_ok=True)
        folder.joinpath(f"{name}.eml").write_bytes(raw)
        if mail.html:
            folder.joinpath(f"{name}.body.html").write_text("\n".join(mail.html), encoding="utf-8")
        entry = Entry(at=at, is_outgoing=is_outgoing, kind=kind, who=who, subject=mail.subject, name=name, note=note)
        folder.joinpath(f"{name}.html").write_text(_mail_page(entry, mail, self.zone, self.language), encoding="utf-8")
        self.entries.append(entry)
        return entry

    def write_index(self, summary: str, links: list[tuple[str, str]]) -> Path:
        """The mailbox index: the year as one table."""
        rows = "\n".join(_row(entry, self.zone) for entry in self.entries)
        nav = " ".join(f'<a href="{escape(target)}">{escape(title)}</a>' for title, target in links)
        body = (
            f"<h1>The demo's mailbox</h1><p class=lead>{escape(summary)}</p><nav>{nav}</nav>"
            f"<table><thead><tr><th scope=col>When<th scope=col>What<th scope=col>From or to<th scope=col>Subject</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )
        path = self.root / "index.html"
        path.write_text(_page("The demo's mailbox", body), encoding="utf-8")
        return path


def _row(entry: Entry, zone: ZoneInfo) -> str:
    note = f"<div class=note>{escape(entry.note)}</div>" if entry.note else ""
    arrow = "to" if entry.is_outgoing else "from"
    return (
        f'<tr class="{"out" if entry.is_outgoing else "in"}"><td class=when>{entry.at.astimezone(zone):%a %d.%m.%Y %H:%M}'
        f"<td>{escape(entry.kind)}{note}<td>{arrow} {escape(entry.who)}"
        f'<td><a href="mails/{escape(entry.name)}.html">{escape(entry.subject) or "(no subject)"}</a></tr>'
    )


def _mail_page(entry: Entry, mail: Mail, zone: ZoneInfo, language: Language) -> str:
    words = _WORDS[language]
    values = (f"{entry.at.astimezone(zone):%d.%m.%Y %H:%M}", mail.sender, ", ".join(mail.recipients), mail.subject)
    told = "".join(f"<dt>{name}<dd>{escape(value)}" for name, value in zip(words.facts, values, strict=True))
    told += f'<dt>{words.raw}<dd><a href="{escape(entry.name)}.eml">{escape(entry.name)}.eml</a>'
    text = "\n".join(part.text for part in mail.texts)
    shown = f"<h2>{words.as_text}</h2><pre>{escape(text)}</pre>" if text.strip() else ""
    if mail.html:
        # The sandbox attribute keeps whatever came by mail inert: no script, no form, no navigation.
        frame = f'<iframe sandbox src="{escape(entry.name)}.body.html" title="{words.as_html}"></iframe>'
        shown = f"<h2>{words.as_html}</h2>{frame}{shown}"
    back = f'<p><a href="../index.html">{words.back}</a></p>'
    return _page(entry.subject or entry.name, f"{back}<h1>{escape(entry.subject)}</h1><dl>{told}</dl>{shown}", language)


def _page(title: str, body: str, language: Language = "en") -> str:
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><body>{body}</body></html>"
    )

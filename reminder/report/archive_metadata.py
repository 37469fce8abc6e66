"""The metadata of an archive package, as JSON and as XML: what it is, of which matter, by whom, how public, how long, and each file.

The names follow the terms of SÄHKE2 (case number, class, agent as a role, publicity, retention, personal data), in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reminder.domain.programme import Localised
from reminder.report.site.open_data import dump
from reminder.wire.package import Packed

METADATA_VERSION = 1
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a package says of itself. `author` is a role, never a person."""

    title: Localised
    languages: tuple[str, ...]
    case_number: str
    record_class: str
    author: Localised
    city: Localised
    on: date
    publicity: str
    retention: str
    programme: str
    round: str
    period: tuple[int, ...]
    mails_in: int
    mails_out: int
    without_bytes: int
    """Mails whose bytes are no longer kept."""
    left_out: Mapping[str, str]
    """What could not be made, with the reason, by name."""
    has_personal_data: bool = True


def write_json(one: Metadata, files: Sequence[Packed]) -> bytes:
    """The metadata as JSON."""
    return dump(_document(one, files))


def _document(one: Metadata, files: Sequence[Packed]) -> dict[str, Any]:
    return {
        "version": METADATA_VERSION,
        "title": dict(one.title.texts),
        "case_number": one.case_number,
        "class": one.record_class,
        "author": {"role": dict(one.author.texts), "organisation": dict(one.city.texts)},
        "date": one.on.isoformat(),
        "languages": list(one.languages),
        "publicity": one.publicity or None,
        "personal_data": one.has_personal_data,
        "retention": one.retention or None,
        "programme": one.programme,
        "round": one.round,
        "period": list(one.period),
        "mails": {"in": one.mails_in, "out": one.mails_out, "without_bytes": one.without_bytes},
        "left_out": dict(one.left_out),
        "files": [{"path": file.name, "bytes": file.size, "sha256": file.sha256} for file in files],
    }


def write_xml(one: Metadata, files: Sequence[Packed]) -> bytes:
    """The same as XML 1.0."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<Record version="{METADATA_VERSION}">']
    lines += _texts("Title", one.title)
    lines += [_line("CaseNumber", one.case_number), _line("Class", one.record_class)]
    lines += ["<Agent>", *_texts("Role", one.author), *_texts("Organisation", one.city), "</Agent>"]
    lines += [_line("Date", one.on.isoformat()), *(_line("Language", code) for code in one.languages)]
    lines += [_line("PublicityClass", one.publicity), _line("PersonalData", "yes" if one.has_personal_data else "no")]
    lines += [_line("RetentionPeriod", one.retention), _line("Programme", one.programme), _line("Round", one.round)]
    lines += [f'<Mails in="{one.mails_in}" out="{one.mails_out}" withoutBytes="{one.without_bytes}"/>']
    lines += [f"<LeftOut name={_attribute(name)}>{_plain(why)}</LeftOut>" for name, why in one.left_out.items()]
    lines += [f'<File path={_attribute(file.name)} bytes="{file.size}" sha256="{file.sha256}"/>' for file in files]
    return "\n".join([*lines, "</Record>", ""]).encode()


def _texts(name: str, text: Localised) -> list[str]:
    return [f'<{name} xml:lang="{code}">{_plain(said)}</{name}>' for code, said in text.texts.items()]


def _line(name: str, text: str) -> str:
    return f"<{name}>{_plain(text)}</{name}>" if text else f"<{name}/>"


def _plain(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))

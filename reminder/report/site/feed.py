"""What changed lately as an Atom feed (RFC 4287): lights, and edits of the programme."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from reminder.domain.programme import Language
from reminder.report.site.version_words import tell_edit, tell_edits
from reminder.report.site.versions import VersionView
from reminder.report.site.views import Change, SiteView
from reminder.report.site.words import tell_change, words_of

MOST_ENTRIES = 50
MOST_TOLD = 20
"""Changes of one version that an entry of the feed lists."""


def write_feed(site: SiteView, language: Language, folder: str) -> bytes:
    """What changed lately as an Atom feed (RFC 4287). Without an address of the site its links are relative to the feed."""
    words, base = words_of(language), site.address + folder if site.address else ""
    title = f"{site.programme.in_language(language)}: {words['changes'].lower()}"
    entries = _list_entries(site, language, base)
    newest = entries[0][0] if entries else datetime(1970, 1, 1, tzinfo=UTC)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<id>{_urn(site.programme_id, 'feed', language)}</id>",
        f"<title>{escape(title)}</title>",
        f"<updated>{write_instant(newest)}</updated>",
        f"<author><name>{escape(site.office.name.in_language(language))}</name></author>",
        f"<link rel={quoteattr('alternate')} type={quoteattr('text/html')} href={quoteattr(base + 'changes.html')}/>",
        f"<link rel={quoteattr('self')} type={quoteattr('application/atom+xml')} href={quoteattr(base + 'feed.xml')}/>",
        *(line for _, lines in entries for line in lines),
        "</feed>",
        "",
    ]
    return "\n".join(lines).encode()


def _list_entries(site: SiteView, language: Language, base: str) -> list[tuple[datetime, list[str]]]:
    """Lights that changed and edits of the programme, newest first, a limited number."""
    found = [(change.at, list(_write_entry(site, change, language, base))) for change in site.changes[:MOST_ENTRIES]]
    found += [(one.at, list(_write_version(site, one, language, base))) for one in site.edits[:MOST_ENTRIES]]
    return sorted(found, key=lambda entry: entry[0], reverse=True)[:MOST_ENTRIES]


def _write_version(site: SiteView, one: VersionView, language: Language, base: str) -> Iterator[str]:
    words = words_of(language)
    told = "\n".join(tell_edit(language, edit) for edit in one.edits[:MOST_TOLD])
    rest = f"\n… (+{len(one.edits) - MOST_TOLD})" if len(one.edits) > MOST_TOLD else ""
    title = f"{words['versions']}: {words['version'].lower()} {one.number}, {tell_edits(language, one)}"
    yield "<entry>"
    yield f"<id>{_urn(site.programme_id, f'version-{one.number}', language)}</id>"
    yield f"<title>{escape(title)}</title>"
    yield f"<updated>{write_instant(one.at)}</updated>"
    yield f"<link rel={quoteattr('alternate')} type={quoteattr('text/html')} href={quoteattr(f'{base}versions.html#v{one.number}')}/>"
    yield f'<summary type="text">{escape(told + rest)}</summary>'
    yield "</entry>"


def _write_entry(site: SiteView, change: Change, language: Language, base: str) -> Iterator[str]:
    words, action = words_of(language), change.action
    what = words["first_light"] if change.is_first else words["corrected"]
    told = f"{what}: {tell_change(language, change)}. {action.party.in_language(language)}, {change.round_name.in_language(language)}."
    yield "<entry>"
    yield f"<id>{_urn(site.programme_id, change.key, language)}</id>"
    yield f"<title>{escape(f'{action.number} {action.title}: {tell_change(language, change)}')}</title>"
    yield f"<updated>{write_instant(change.at)}</updated>"
    yield f"<link rel={quoteattr('alternate')} type={quoteattr('text/html')} href={quoteattr(f'{base}action/{action.id}.html')}/>"
    yield f'<summary type="text">{escape(told)}</summary>'
    yield "</entry>"


def _urn(*parts: str) -> str:
    """An id that stays wherever the site moves to (RFC 4122, version 5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "reminder/" + "/".join(parts)).urn


def write_instant(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

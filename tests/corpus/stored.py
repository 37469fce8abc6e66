"""The corpus as it stands on disk: mails, their expected readings, and what had been sent.

The sent mails are kept too (`sent.json`), so that a mail stays readable against the request that it quotes when the templates
have changed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from reminder.domain.messages import Item, MailKind, SentMessage, Span, SpanKind
from tests.corpus.expected import Case, Expected, Said

HERE = Path(__file__).resolve().parent
MAILS = HERE / "mails"
SENT = HERE / "sent.json"


def write_sent(messages: Iterable[SentMessage]) -> str:
    """The sent mails as JSON."""
    return json.dumps([asdict(message) for message in messages], ensure_ascii=False, indent=1, default=str) + "\n"


@lru_cache(maxsize=1)
def load_sent() -> tuple[SentMessage, ...]:
    """The sent mails of the stored corpus, newest first."""
    found: list[SentMessage] = []
    for document in json.loads(SENT.read_text("utf-8")):
        document["kind"] = MailKind(document["kind"])
        document["created_at"] = datetime.fromisoformat(document["created_at"])
        document["spans"] = tuple(Span(kind=SpanKind(span["kind"]), text=span["text"], item=span["item"]) for span in document["spans"])
        document["items"] = tuple(Item(**item) for item in document["items"])
        found.append(SentMessage(**document))
    return tuple(found)


@lru_cache(maxsize=1)
def load_cases() -> tuple[Case, ...]:
    """All stored mails with their expected readings, by path. Raises ValueError where a mail has none."""
    return tuple(_load(path) for path in sorted(MAILS.rglob("*.eml")))


def _load(path: Path) -> Case:
    beside = path.with_suffix(".expected.json")
    if not beside.exists():
        raise ValueError(f"{path.name} has no expected reading")
    document = json.loads(beside.read_text("utf-8"))
    received_at = datetime.fromisoformat(document.pop("received_at"))
    trusted = document.pop("trusted_authserv", "")
    document["answers"] = {number: Said(**said) for number, said in document.get("answers", {}).items()}
    if (missing := document.get("missing")) is not None:
        document["missing"] = tuple(missing)
    expected = Expected(**document)
    return Case(name=path.stem, raw=path.read_bytes(), received_at=received_at, expected=expected, trusted_authserv=trusted)

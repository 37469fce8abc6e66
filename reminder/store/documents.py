"""Domain values to JSON documents and back: the spans and items that stand beside a message's bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from reminder.domain.messages import Item, Span, SpanKind

Document = dict[str, Any]


def write_spans(spans: Iterable[Span]) -> list[Document]:
    """Spans as JSON values, in order."""
    return [{"kind": span.kind.value, "text": span.text, "item": span.item} for span in spans]


def read_spans(documents: Iterable[Mapping[str, Any]]) -> tuple[Span, ...]:
    """What `write_spans` wrote."""
    return tuple(Span(kind=SpanKind(one["kind"]), text=one["text"], item=one["item"]) for one in documents)


def write_items(items: Iterable[Item]) -> list[Document]:
    """Items as JSON values, in order."""
    return [{name: getattr(item, name) for name in _ITEM_FIELDS} for item in items]


def read_items(documents: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """What `write_items` wrote."""
    return tuple(Item(**{name: one[name] for name in _ITEM_FIELDS if name in one}) for one in documents)


_ITEM_FIELDS = tuple(field.name for field in fields(Item))

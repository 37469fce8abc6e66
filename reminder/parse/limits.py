"""The limits within which a mail is read, in one place; each is applied before anything is decoded (DESIGN, limits)."""

from __future__ import annotations

MAIL_BYTES = 25 * 1024 * 1024
HEADER_BLOCK_BYTES = 256 * 1024
HEADER_BYTES = 16 * 1024
HEADER_COUNT = 1_000
ADDRESSES = 100
DEPTH = 20
PARTS = 200
TEXT_CHARS = 256 * 1024
HTML_CHARS = 1024 * 1024
LINE_CHARS = 2_000
"""Longer lines are cut into pieces before any regular expression sees them."""
LINES = 10_000
"""Lines of one part that are read; longer threads repeat themselves."""
BLOCKS = 1_000
"""Places of one part that speak of an action."""
REFERENCES = 32
WORDS_KEPT = 4_000
"""Characters that are kept of one field of an answer."""
VALUE_CHARS = 8_000
"""Characters of one field in which a light is looked for."""
EXTRA_ITEMS = 10
"""Unknown numbers that are asked about in one mail; the rest of such a mail is noise."""

ANSWER_SHEETS = 3
"""Attached workbooks that are looked into."""
DOCUMENTS = 5
"""Attached files that are kept by name, and with their text."""
DOCUMENT_CHARS = 4_000
"""Characters that are kept of one attached document."""

PAIRS = 50
"""Statements on one line; more are no answer of a person."""
SERIES_CHARS = 1_000
"""Characters of a line that is read as a series of lights, each before its number."""

READING_FAULTS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What foreign code can raise on hostile bytes: UnicodeError and binascii.Error are ValueErrors. Caught at the two documented
boundaries of this room only, `read_mail` and `interpret`, so that reading is total. MemoryError is not among them: where memory
ends is a matter of the process that reads, and what has run out of it may not go on as if nothing had happened."""
PARAGRAPH_CHARS = 4_000
"""A paragraph that is read as sentences; a longer one is no answer of a person, and is kept as a note."""
PROSE_CHARS = 20_000
"""All paragraphs of one body that are read as sentences."""

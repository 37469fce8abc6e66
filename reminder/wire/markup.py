"""XML from outside, read as a stream of events: no document type, no entities, no external reference, nothing kept as a tree.

Expat knows limits of its own against entities that grow; here a document that declares any is refused at once (XXE, billion
laughs), since no office program writes one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.parsers import expat

from reminder.wire.archive import FileRefused

DEPTH = 60
_CHUNK = 65_536

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def read_markup(content: bytes, *, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Calls `start`, `end` and `text`, where given, in the order of the document. Names come without their namespace prefix.

    Raises FileRefused where it is not XML, declares a document type, or is nested too deeply; what was called until
    then stays called. How many elements there may be is the limit of the archive.
    """
    depth = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise FileRefused("The file holds more than is read.")
        start(local_name(name), {local_name(key): value for key, value in attributes.items()})

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(local_name(name))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = on_start, on_end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _refuse
    try:
        for place in range(0, len(content), _CHUNK):
            parser.Parse(content[place : place + _CHUNK], False)
        parser.Parse(b"", True)
    except FileRefused:
        raise
    except (expat.ExpatError, LookupError, ValueError) as fault:  # the latter two where the encoding is none that expat can take
        raise FileRefused("The file is damaged.") from fault


def local_name(name: str) -> str:
    """`x:row` is `row`: programs choose their prefixes freely."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> int:
    raise FileRefused("The file declares entities, which no office program does.")

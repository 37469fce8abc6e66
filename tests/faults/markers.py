"""Which file marks which fault, read from the source, so that a check of the table need not collect every test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


def marked_in(folder: Path) -> set[tuple[str, str]]:
    """(id, file below `folder`) of each `pytest.mark.fault(…)`; raises ValueError where an id is not a plain string."""
    return {
        (fault, path.relative_to(folder).as_posix())
        for path in sorted(folder.rglob("test_*.py"))
        if "mark.fault" in (source := path.read_text(encoding="utf-8"))
        for fault in _faults(source, path)
    }


def _faults(source: str, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func).endswith("mark.fault"):
            for argument in node.args:
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    raise ValueError(f"{path}:{node.lineno}: write the id of a fault as a plain string")
                yield argument.value

"""The locks install on a fresh machine, also after a newer release of something in them has come out.

pip's resolver takes `coverage[toml]` and `coverage` for two requirements. Where a lock pins only the second, the
first is looked for anew, a newer release is found, and in hash mode pip stops. So a lock must name the extras.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read_pins(lock: str) -> dict[str, Requirement]:
    lines = (ROOT / lock).read_text().splitlines()
    pins = [Requirement(line.removesuffix("\\").strip()) for line in lines if line[:1].isalpha()]
    return {canonicalize_name(pin.name): pin for pin in pins}


def ask_with_extras(name: str, extras: frozenset[str]) -> list[Requirement]:
    """What the locked distribution `name` asks for with extras, here and now."""
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # a pin for another platform
        return []
    wanted = [Requirement(line) for line in lines]
    environments = [{"extra": extra} for extra in ("", *extras)]
    return [want for want in wanted if want.extras and (not want.marker or any(map(want.marker.evaluate, environments)))]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_names_the_extras_that_others_ask_for(lock: str) -> None:
    pins = read_pins(lock)
    assert "sqlalchemy" in pins
    for name, pin in pins.items():
        for wanted in ask_with_extras(name, frozenset(pin.extras)):
            assert wanted.extras <= pins[canonicalize_name(wanted.name)].extras, f"{name} asks for {wanted} in {lock}"


def test_every_pin_is_exact() -> None:
    for lock in LOCKS:
        for pin in read_pins(lock).values():
            assert [clause.operator for clause in pin.specifier] == ["=="], pin

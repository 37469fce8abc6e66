"""Writes the corpus anew: `python -m tests.corpus.make`. Each mail as `.eml`, its expected reading beside it; see README.md."""

from __future__ import annotations

import json
from dataclasses import asdict

from tests.corpus.cases import list_cases
from tests.corpus.expected import Case
from tests.corpus.stored import MAILS, SENT, write_sent
from tests.corpus.world import all_sent

GENERATED = "generated"


def main() -> None:
    """Writes all generated files; those of cases that are gone are removed, mails that were added by hand stay."""
    folder = MAILS / GENERATED
    folder.mkdir(parents=True, exist_ok=True)
    SENT.write_text(write_sent(all_sent()), "utf-8")
    wanted: set[str] = set()
    for case in list_cases():
        (folder / f"{case.name}.eml").write_bytes(case.raw)
        (folder / f"{case.name}.expected.json").write_text(write_expected(case), "utf-8")
        wanted |= {f"{case.name}.eml", f"{case.name}.expected.json"}
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink()


def write_expected(case: Case) -> str:
    """The expected reading as JSON; what is not said is left out."""
    document = asdict(case.expected)
    document["answers"] = {
        number: {key: value for key, value in said.items() if value is not None} for number, said in document["answers"].items()
    }
    kept = {key: value for key, value in document.items() if value not in ("", None) and not (key == "asks" and not value)}
    about = {"received_at": case.received_at.isoformat(), **({"trusted_authserv": case.trusted_authserv} if case.trusted_authserv else {})}
    return json.dumps(about | kept, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()

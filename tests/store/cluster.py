"""A private PostgreSQL cluster on a socket of its own; nothing of the machine's own server is touched."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def run_cluster(binaries: Path) -> Iterator[str]:
    """Starts a cluster and gives the URL of its server, with `{}` in place of the database. Ends it and removes its files."""
    folder = Path(tempfile.mkdtemp(prefix="reminder-pg-", dir="/tmp"))
    user, group = _owner()
    os.chown(folder, user, group)
    data = folder / "data"

    def run(*command: str) -> None:
        # initdb and postgres refuse to run as root; the log goes to a file, since the server would keep a pipe open.
        output = (folder / "log").open("ab")
        with output:
            subprocess.run(
                command, user=user, group=group, extra_groups=[], cwd=folder, check=True, timeout=60, stdout=output, stderr=output
            )

    (folder / "log").touch()
    os.chown(folder / "log", user, group)
    run(str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=60"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "server.log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/{{}}?host={folder}"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise LookupError("PostgreSQL does not run as root, and there is no user postgres or nobody")

"""A private PostgreSQL cluster on a socket of its own; nothing of the machine's own server is touched."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running cluster; `url` is that of its server, with `{}` in place of the database."""

    folder: Path
    binaries: Path
    url: str

    def control(self, *arguments: str) -> None:
        """`pg_ctl` on this cluster; it waits until done."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", *arguments)

    def start(self) -> None:
        """Starts the server."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=60"
        self.control("-l", str(self.folder / "server.log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` ends every session without a word, as a crash does; what was committed is there at the next start."""
        self.control("-m", mode, "stop")

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs. initdb and postgres refuse to run as root; the log goes to a file, since the server would
        keep a pipe open."""
        user, group = _owner()
        with (self.folder / "log").open("ab") as output:
            subprocess.run(
                [str(self.binaries / program), *arguments],
                user=user,
                group=group,
                extra_groups=[],
                cwd=self.folder,
                check=True,
                timeout=60,
                stdout=output,
                stderr=output,
            )


@contextmanager
def open_cluster(binaries: Path) -> Iterator[Cluster]:
    """Starts a cluster; ends it and removes its files."""
    folder = Path(tempfile.mkdtemp(prefix="reminder-pg-", dir="/tmp"))
    os.chown(folder, *_owner())
    cluster = Cluster(folder=folder, binaries=binaries, url=f"postgresql+psycopg://postgres@/{{}}?host={folder}")
    cluster.run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def run_cluster(binaries: Path) -> Iterator[str]:
    """A cluster of which only the URL is wanted."""
    with open_cluster(binaries) as cluster:
        yield cluster.url


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

"""An SMTP server in a process of its own that writes down each mail before it answers the final dot.

python -m tests.crash.sink FILE SECONDS: prints its port; each line of FILE is JSON with the hash and the Message-ID of one mail
that was taken. The answer to the dot comes SECONDS later, so that a client is often killed between its dot and our answer.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, Envelope, Session

from reminder.parse.message import read_mail


async def serve(file: Path, seconds: float) -> None:
    """Runs until it is ended from outside."""
    record = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def take(server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        taken = {"hash": hashlib.sha256(raw).hexdigest(), "id": read_mail(raw).headers.text("message-id").strip(), "to": envelope.rcpt_tos}
        os.write(record, json.dumps(taken).encode() + b"\n")
        await asyncio.sleep(seconds)
        return "250 OK"

    loop = asyncio.get_running_loop()
    handler = SimpleNamespace(handle_DATA=take)
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, hostname="localhost", ident="sink"), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))

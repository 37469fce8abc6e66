"""`reminder init`: a short, commented configuration to start from."""

from __future__ import annotations

from pathlib import Path

from reminder.configuration import keys
from reminder.configuration.schema import FOLDER, write_schemas
from reminder.errors import ReminderError, UsageFailure
from reminder.resources import find_starter

STARTING_FILES = (*keys.FILES, ".env.example")


def write_initial(directory: Path) -> tuple[Path, ...]:
    """Writes the starting files into a folder, which is made where it is missing, and returns their paths.

    Beside them a folder of JSON Schemas, to which the first line of each YAML file points for an editor.

    Nothing is overwritten: where one of the files is there already, UsageFailure is raised and nothing is written.
    """
    targets = {directory / name: find_starter() / name for name in STARTING_FILES}
    present = [path.name for path in targets if path.exists() or path.is_symlink()]
    if present:
        raise UsageFailure(
            f"{directory} already holds {', '.join(present)}; nothing was written.", advice="Name another folder, or move them away first."
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for target, source in targets.items():
            with target.open("xb") as stream:
                stream.write(source.read_bytes())
    except OSError as error:
        raise ReminderError(f"{error.filename or directory} cannot be written: {error.strerror}.", advice="Name another folder.") from error
    return (*targets, *write_schemas(directory / FOLDER))

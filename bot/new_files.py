"""A file that a command writes: whole and on the disk before it has its name, for its owner alone, over nothing that is there."""

import asyncio
import os
import secrets
from pathlib import Path

from committee.errors import Refused
from storage.folder import open_for_owner, sync_folder


async def write_new(name: str, data: bytes) -> Path:
    """Write the file, relative to the current folder; `Refused` where something has that name, or it cannot be written."""
    return await asyncio.to_thread(_written, name, data)


def _written(name: str, data: bytes) -> Path:
    try:
        path = Path(name).absolute()
        aside = path.with_name(f".{path.name[:200]}.{secrets.token_hex(8)}.partial")
        file = open_for_owner(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except (OSError, ValueError) as error:
        raise _refused(name, error) from error
    try:
        with os.fdopen(file, "wb") as written:
            written.write(data)
            written.flush()
            os.fsync(written.fileno())
        os.link(aside, path, follow_symlinks=False)  # unlike a rename it never takes the place of another file
        sync_folder(path.parent)
    except (OSError, ValueError) as error:
        raise _refused(name, error) from error
    finally:
        aside.unlink(missing_ok=True)
    return path


def _refused(name: str, error: OSError | ValueError) -> Refused:
    if isinstance(error, FileExistsError):
        return Refused(f"{name} is there already and stays as it is: name another file. Nothing was written.")
    reason = getattr(error, "strerror", None) or "it is no name of a file"
    return Refused(f"{name} cannot be written ({reason}). Nothing was written.")

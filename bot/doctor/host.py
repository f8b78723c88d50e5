"""The folder that the desk lies in: whose it is, who else could read it, and how much room there is."""

import os
import shutil
import stat
from pathlib import Path
from typing import Final

from bot.doctor.finding import Found, good, look, wrong
from committee.alarms import LITTLE_ROOM, MEGABYTE
from committee.errors import Unavailable
from storage.folder import who_works

TOO_LITTLE: Final = 100 * MEGABYTE


def examine(folder: Path) -> list[Found]:
    return [_owner(folder), _modes(folder), _room(folder), _lock(folder)]


def _owner(folder: Path) -> Found:
    others = [path for path in (folder, *folder.iterdir()) if path.lstat().st_uid != os.geteuid()]
    if not others:
        return good("owner", "all of it is this account's")
    return wrong(
        "owner",
        f"{others[0]} belongs to the account {others[0].lstat().st_uid}, and this is {os.geteuid()}",
        "work at the desk from one account: chown -R it, and use that one",
    )


def _modes(folder: Path) -> Found:
    """Opening a desk shuts everyone else out; that it was open is worth knowing."""
    inside = (path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    open_ones = [path for path in (folder, *inside) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not open_ones:
        return good("modes", "its owner alone can read it")
    to_do = "it has been shut just now; find out who copied or changed it"
    return look("modes", f"others could read {', '.join(path.name or str(path) for path in open_ones)}", to_do)


def _room(folder: Path) -> Found:
    free = shutil.disk_usage(folder).free
    found = f"{free // MEGABYTE} MB free"
    if free < TOO_LITTLE:
        return wrong("disk", found, "make room now: a full disk takes in no mail")
    return look("disk", found, "make room soon") if free < LITTLE_ROOM else good("disk", found)


def _lock(folder: Path) -> Found:
    try:
        holder = who_works(folder)
    except (OSError, Unavailable) as error:  # the lock's file could not be made: the room that is left says why
        return wrong("work", f"who is at work could not be asked ({error})", "put the folder right, and look again")
    return good("work", f"{holder} is at work") if holder else good("work", "nobody is at work at this moment")

"""A file that one party alone gets: whose it is by its name, or by the folder in which it lies; refused where it names another."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from committee.contacts import delegation
from committee.errors import Refused
from committee.names import Directory
from mailflows.lists import Known

File = tuple[str, bytes]
MOST_FILES: Final = 1_000
LARGEST: Final = 200_000_000
"""Bytes of all that a ZIP file holds, once it is unpacked."""


def keyed(files: Sequence[File], known: Known, key: str, day: date) -> list[tuple[str, File]]:
    """Each file under the party on the list that gets it: `MWI.pdf`, `Malawi.pdf`, `MWI/matrix.pdf`, or a ZIP file of such.

    `Refused`, with all that is wrong, where a name is no party's, is that of one that is not on the list, or where the
    file's own name speaks of another State than the one whose it is.
    """
    if not files:
        return []
    directory = _directory(known)
    on_it = known.on(day).roll(key).parties
    found, wrong = list[tuple[str, File]](), list[str]()
    for name, data in _unpacked(files):
        path = PurePosixPath(name)
        said = path.parent.name or path.stem
        match = directory.find(said, two_letters=True)
        party = match.keys[0] if match.certain else ""
        there = next((one for one in (party, delegation(party)) if one in on_it), "")
        spoken_of = {*directory.mentioned(path.stem).keys} - {party} if path.parent.name else set[str]()
        if not party:
            perhaps = f" (perhaps {', '.join(match.keys)})" if match.keys else ""
            wrong.append(f"{name}: {said!r} names no party{perhaps}")
        elif not there:
            wrong.append(f"{name}: {party} is not on the list {key}")
        elif spoken_of:
            wrong.append(f"{name}: it lies under {party}, and its name speaks of {', '.join(sorted(spoken_of))}")
        else:
            found.append((there, (path.name, data)))
    if wrong:
        raise Refused(f"Nothing was prepared, for a file may go to its own party alone. {'; '.join(wrong)}.")
    return found


def _directory(known: Known) -> Directory:
    """By codes, and by names in six languages, former ones too."""
    of = known.registers
    named: list[tuple[str, tuple[str, ...]]] = [(state.key, (state.iso2, *state.aliases)) for state in of.states]
    named += [(one.key, (one.name,)) for one in of.organizations]
    named += [(one.key, (one.name,)) for one in of.others]
    return Directory(named)


def _unpacked(files: Sequence[File]) -> Iterator[File]:
    for name, data in files:
        if name.casefold().endswith(".zip"):
            yield from _out_of(name, data)
        else:
            yield name, data


def _out_of(name: str, data: bytes) -> list[File]:
    """The files in a ZIP file; never more than so many bytes of them, whatever it says of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = [one for one in packed.infolist() if not one.is_dir()]
            if len(inside) > MOST_FILES or sum(one.file_size for one in inside) > LARGEST:
                raise Refused(
                    f"{name} holds more than {MOST_FILES:,} files or {LARGEST:,} bytes. Nothing was prepared."
                )
            # Of each no more is read than it claims: zipfile ends there, and says so where the rest does not fit.
            return [(one.filename, packed.read(one)) for one in inside]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise Refused(f"{name} cannot be unpacked ({type(error).__name__}). Nothing was prepared.") from error

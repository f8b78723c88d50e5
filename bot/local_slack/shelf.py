"""Files: uploaded by the app or by a person, named in messages and in modals."""

import mimetypes
import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from bot.local_slack.clock import Clock
from bot.local_slack.errors import Failure


@dataclass(frozen=True, slots=True)
class File:
    id: str
    name: str
    user: str
    created: int
    data: bytes = field(default=b"", repr=False)
    title: str = ""
    alt_txt: str = ""
    uploaded: bool = False
    complete: bool = False
    channels: frozenset[str] = frozenset()
    length: int = 0
    """What the app announced; what is uploaded must be as long."""

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


@dataclass(slots=True)
class Shelf:
    clock: Clock
    files: dict[str, File] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    largest: int = 100_000_000
    """assumed: an upload has a hundred megabytes at most, which are held in memory; Slack takes a gigabyte."""

    def announce(self, user: str, name: str, length: int, alt_txt: str) -> tuple[File, str]:
        """A file that is to come, and the ticket it comes under."""
        file = File(
            f"F{secrets.token_hex(5).upper()}", name, user, int(self.clock.now()), alt_txt=alt_txt, length=length
        )
        ticket = secrets.token_urlsafe(24)
        self.files[file.id], self.tickets[ticket] = file, file.id
        return file, ticket

    def take(self, ticket: str, data: bytes) -> None:
        """assumed: the address of an upload is used once, and bytes that are not as many as announced are refused."""
        file = self.files.get(self.tickets.pop(ticket, ""))
        if file is None:
            raise Failure("no_such_upload")
        if len(data) != file.length:
            raise Failure("wrong_length")
        self.files[file.id] = replace(file, data=data, uploaded=True)

    def complete(self, file_id: str, title: str, channels: frozenset[str]) -> File:
        file = self.files.get(file_id)
        if file is None or not file.uploaded:
            raise Failure("file_not_found")
        self.files[file_id] = done = replace(
            file, title=title or file.name, complete=True, channels=file.channels | channels
        )
        return done

    def add(self, user: str, name: str, data: bytes) -> File:
        """A person's own, chosen in a modal or dropped into a channel."""
        file, ticket = self.announce(user, name, len(data), "")
        self.take(ticket, data)
        return self.complete(file.id, name, frozenset())

    def get(self, file_id: str) -> File:
        file = self.files.get(file_id)
        if file is None or not file.complete:
            raise Failure("file_not_found")
        return file


def file_object(file: File, url: str) -> dict[str, Any]:
    """docs.slack.dev/reference/objects/file-object, without thumbnails; url_private needs a token with files:read."""
    return {
        "id": file.id, "created": file.created, "timestamp": file.created, "name": file.name, "title": file.title,
        "mimetype": file.mimetype, "filetype": file.name.rpartition(".")[2] if "." in file.name else "binary",
        "user": file.user, "size": len(file.data), "mode": "hosted", "is_external": False, "is_public": False,
        "alt_txt": file.alt_txt, "channels": sorted(file.channels), "url_private": f"{url}/files/{file.id}",
        "url_private_download": f"{url}/files/{file.id}/download", "permalink": f"{url}/files/{file.id}",
    }  # fmt: skip

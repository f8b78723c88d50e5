"""Channels, private channels and direct messages, and who reads along in them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "im"


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    kind: Kind
    members: frozenset[str]
    topic: str = ""
    is_archived: bool = False

    def scope(self, doing: str) -> str:
        """What reading this kind of channel needs, e.g. `groups:history` (docs.slack.dev/reference/scopes)."""
        family = {Kind.PUBLIC: "channels", Kind.PRIVATE: "groups", Kind.DIRECT: "im"}[self.kind]
        return f"{family}:{doing}"

    def seen_by(self, user: str) -> bool:
        return user in self.members or self.kind is Kind.PUBLIC


def channel_object(channel: Channel, reader: str, *, shared: bool) -> dict[str, Any]:
    """As conversations.info has it (docs.slack.dev/reference/objects/conversation-object)."""
    about: dict[str, Any] = {
        "id": channel.id, "is_im": channel.kind is Kind.DIRECT, "is_channel": channel.kind is Kind.PUBLIC,
        "is_group": channel.kind is Kind.PRIVATE, "is_private": channel.kind is not Kind.PUBLIC, "is_mpim": False,
        "is_archived": channel.is_archived, "is_ext_shared": shared, "is_shared": shared,
    }  # fmt: skip
    if channel.kind is Kind.DIRECT:
        return about | {"user": next(iter(channel.members - {reader}), reader)}
    return about | {
        "name": channel.name, "name_normalized": channel.name, "is_member": reader in channel.members,
        "topic": {"value": channel.topic}, "purpose": {"value": ""}, "num_members": len(channel.members),
    }  # fmt: skip

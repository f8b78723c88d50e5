"""Views: each person's stack of modals and their Home."""

import copy
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.local_slack.clock import Clock
from bot.local_slack.errors import Failure
from bot.local_slack.messages import identified

DEEPEST: Final = 3
"""docs.slack.dev/surfaces/modals: a root view and two more upon it; beyond: push_limit_reached."""


@dataclass(frozen=True, slots=True)
class View:
    id: str
    user: str
    hash: str
    root: str
    previous: str
    body: dict[str, Any]
    """What the app gave, with ids where it left them out."""
    trouble: str = ""
    """What the person is told where a submission was not answered."""
    errors: dict[str, str] = field(default_factory=dict)
    """By block_id, what the app said of the person's entries."""


@dataclass(slots=True)
class Modals:
    clock: Clock
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)

    def top(self, user: str) -> View | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def open(self, user: str, body: dict[str, Any]) -> View:
        """assumed: a modal that stands open gives way; Slack's pages say to use views.push there."""
        self.stacks[user] = []
        return self._onto(user, body, "")

    def push(self, user: str, body: dict[str, Any]) -> View:
        stack = self.stacks.get(user, [])
        if not stack:
            raise Failure("not_found")
        if len(stack) >= DEEPEST:
            raise Failure("push_limit_reached")
        return self._onto(user, body, stack[-1].id)

    def update(self, view: View, body: dict[str, Any]) -> View:
        """The same view with new contents and a new hash; in the stack or the Home where it stands."""
        return self.put(replace(view, body=self._kept(body, view.id), hash=self._hash(), trouble="", errors={}))

    def put(self, view: View) -> View:
        if self.homes.get(view.user, view).id == view.id and view.body.get("type") == "home":
            self.homes[view.user] = view
            return view
        stack = self.stacks.get(view.user, [])
        self.stacks[view.user] = [view if each.id == view.id else each for each in stack]
        return view

    def publish(self, user: str, body: dict[str, Any], given_hash: str = "") -> View:
        """docs.slack.dev/reference/methods/views.publish: with `hash`, only over the Home that the app has seen."""
        home = self.homes.get(user)
        if home is None:
            home = View(_id(), user, self._hash(), "", "", {"type": "home"})
        elif given_hash and given_hash != home.hash:
            raise Failure("hash_conflict")
        return self.update(replace(home, root=home.id), body)

    def found(self, view_id: str, external_id: str = "") -> View:
        every = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
        for view in every:
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise Failure("not_found")

    def close(self, user: str, *, all_of_them: bool = False) -> list[View]:
        """What was closed, the topmost first."""
        stack = self.stacks.get(user, [])
        kept = [] if all_of_them else stack[:-1]
        self.stacks[user] = kept
        return stack[len(kept) :][::-1]

    def _onto(self, user: str, body: dict[str, Any], previous: str) -> View:
        stack = self.stacks.setdefault(user, [])
        new = _id()
        view = View(new, user, self._hash(), stack[0].id if stack else new, previous, self._kept(body, new))
        stack.append(view)
        return view

    def _kept(self, body: dict[str, Any], view_id: str) -> dict[str, Any]:
        """docs.slack.dev/reference/methods/views.open: external_id is one view's alone."""
        external = body.get("external_id")
        if external and any(
            each.id != view_id and each.body.get("external_id") == external
            for stack in self.stacks.values()
            for each in stack
        ):
            raise Failure("duplicate_external_id")
        kept = copy.deepcopy(body)
        return kept | {"blocks": list(identified(kept.get("blocks", [])))}

    def _hash(self) -> str:
        return f"{int(self.clock.now())}.{secrets.token_hex(4)}"


def _id() -> str:
    return f"V{secrets.token_hex(5).upper()}"


def view_object(view: View, team: str, app: str, bot: str) -> dict[str, Any]:
    """As payloads and answers have it (docs.slack.dev/reference/interaction-payloads/view-interactions-payload)."""
    whole = {
        "callback_id": "",
        "external_id": "",
        "private_metadata": "",
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return whole | view.body | {
        "id": view.id, "team_id": team, "app_id": app, "bot_id": bot, "hash": view.hash, "root_view_id": view.root,
        "previous_view_id": view.previous or None, "state": {"values": {}}, "submit": view.body.get("submit"),
        "close": view.body.get("close"), "title": view.body.get("title"),
    }  # fmt: skip

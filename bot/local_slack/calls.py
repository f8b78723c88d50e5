"""A call of the Web API: whose token, which arguments, and what is answered.

docs.slack.dev/apis/web-api: arguments come in the query, as a form or as JSON; what is not text is JSON in a form; an answer
is 200 with `ok`, an error too, except 429.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bot.local_slack.errors import Failure
from bot.local_slack.state import State

FALSE: Final = ("", "0", "false", "False")


@dataclass(frozen=True, slots=True)
class Arguments:
    given: dict[str, Any]
    in_header: bool = True
    """Whether the token came in the Authorization header."""

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name, default)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise Failure("invalid_arguments", response_metadata={"messages": [f"[ERROR] expected string for {name}"]})
        return str(value)

    def required(self, name: str) -> str:
        """docs.slack.dev/apis/web-api: invalid_arguments, with what is missing."""
        value = self.text(name)
        if not value:
            message = f"[ERROR] missing required field: {name}"
            raise Failure("invalid_arguments", response_metadata={"messages": [message]})
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.given.get(name, default)
        return str(value) not in FALSE

    def number(self, name: str, default: int, most: int) -> int:
        value = self.text(name) or str(default)
        if not value.isdecimal() or not int(value):
            raise Failure(
                "invalid_arguments", response_metadata={"messages": [f"[ERROR] {name} must be a number above 0"]}
            )
        return min(int(value), most)

    def data(self, name: str, wrong: str = "invalid_arguments") -> Any:
        """Structured: as it is in a JSON body, as JSON text in a form; None where it is left out."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Failure(wrong) from None


async def read(request: web.Request) -> tuple[str, Arguments]:
    """The token and the arguments; a JSON body must be an object (docs.slack.dev/apis/web-api: json_not_object)."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given |= as_object(await request.read())
    elif request.method == "POST":
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if scheme.casefold() == "bearer" else ""
    in_body = given.pop("token", "")
    return token or str(in_body), Arguments(given, in_header=bool(token))


def as_object(body: bytes) -> dict[str, Any]:
    """docs.slack.dev/apis/web-api: invalid_json, json_not_object."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Failure("invalid_json") from None
    if not isinstance(found, dict):
        raise Failure("json_not_object")
    return found


def admit(state: State, token: str, needed: str) -> None:
    """The token is known, lives, and has the scope.

    docs.slack.dev/authentication/tokens and docs.slack.dev/apis/web-api: not_authed, invalid_auth, token_revoked,
    not_allowed_token_type, missing_scope with needed and provided.
    """
    if not token:
        raise Failure("not_authed")
    app_level = needed == "connections:write"
    if token not in (state.app.bot_token, state.app.app_token):
        raise Failure("invalid_auth")
    if token in state.revoked:
        raise Failure("token_revoked")
    if (token == state.app.app_token) is not app_level:
        raise Failure("not_allowed_token_type")
    scoped(state, needed)


def scoped(state: State, needed: str) -> None:
    """The scope has been granted, or missing_scope says which it is; the empty one needs nothing."""
    provided = state.app.app_scopes if needed == "connections:write" else state.app.scopes
    if needed and needed not in provided:
        raise Failure("missing_scope", needed=needed, provided=",".join(sorted(provided)))

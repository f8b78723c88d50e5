"""How the local Slack says no: Slack's own error codes, by name."""

from typing import Any


class Failure(Exception):
    """Answered as `{"ok": false, "error": code, …}` (docs.slack.dev/apis/web-api/#responses)."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

"""What every answer carries, errors too: nothing from elsewhere, nothing inline, nothing kept, nothing framed."""

from typing import Final

from aiohttp import web

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
INERT: Final = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The policy of what others wrote: where a browser shows it all the same, nothing in it runs."""
ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def put_on(_request: web.Request, response: web.StreamResponse) -> None:
    """A signal of aiohttp's (on_response_prepare): a response that has said more of its own keeps it."""
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)

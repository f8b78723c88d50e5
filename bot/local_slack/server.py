"""The local Slack as a server: one application on loopback, in the event loop that calls it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import BodyPartReader, web

from bot.local_slack import calls
from bot.local_slack.answering import answer
from bot.local_slack.errors import Failure
from bot.local_slack.faults import Fault, How
from bot.local_slack.methods import METHODS
from bot.local_slack.state import State
from bot.local_slack.workspace import Workspace

LOOPBACK: Final = "127.0.0.1"
NAMES: Final = frozenset({LOOPBACK, "localhost"})
"""What a request's Host may name: a page elsewhere cannot make a browser talk to this server under a name of its own."""
LARGEST: Final = 12_000_000
"""assumed: a call, an answer or a form has twelve megabytes at most; more is 413."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(
    workspace: Workspace, *, port: int = 0, pages: Callable[[web.Application], None] | None = None
) -> AsyncIterator[str]:
    """Serve the workspace on loopback, on a free port unless one is named; gives its address without a slash at the end.

    `pages` adds the routes of the page in the browser. When it ends, every connection and every subscription has ended.
    """
    app = application(workspace)
    if pages:
        pages(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, port)
        await site.start()
        workspace.log.closed = False
        workspace.url = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        yield workspace.url
    finally:
        workspace.faults.clear()
        await runner.cleanup()


def application(workspace: Workspace) -> web.Application:
    """The Web API, response_urls, uploads, files and Socket Mode; without pages."""
    app = web.Application(middlewares=[_host_checked], client_max_size=LARGEST)
    app[WORKSPACE] = workspace
    app.router.add_route("*", "/api/{method}", _call)
    app.router.add_post("/hooks/{name}", _hook)
    app.router.add_post("/upload/{ticket}", _upload)
    app.router.add_get("/files/{file}", _file)
    app.router.add_get("/files/{file}/download", _file)
    app.router.add_get("/link", _link)
    app.on_shutdown.append(_close)
    return app


WORKSPACE: Final = web.AppKey("workspace", Workspace)


@web.middleware
async def _host_checked(request: web.Request, handler: Handler) -> web.StreamResponse:
    """421 for any name but loopback's, and for one on another port."""
    local = request.transport.get_extra_info("sockname") if request.transport else None
    name, _, port = request.host.partition(":")
    if name not in NAMES or not local or port != str(local[1]):
        return web.Response(status=421, text="this answers to localhost alone")
    return await handler(request)


async def _call(request: web.Request) -> web.StreamResponse:
    workspace, name = request.app[WORKSPACE], request.match_info["method"]
    fault = workspace.faults.next_of(name)
    if fault and fault.how is not How.LOST:
        return await _failing(request, fault)
    body: dict[str, Any]
    try:
        token, given = await calls.read(request)
        method, scope = METHODS.get(name, (_unknown, ""))
        calls.admit(workspace, token, scope)
        if workspace.limits and (seconds := workspace.limits.wait(name, given.text("channel"))):
            return await _failing(request, Fault(How.RATE_LIMITED, seconds))
        body = {"ok": True} | method(workspace, given)
    except Failure as failure:
        body = {"ok": False, "error": failure.code} | failure.more
    if fault:
        return _cut(request)
    # docs.slack.dev/authentication: the scopes of the token are in the header of each answer
    return web.json_response(body, headers={"X-OAuth-Scopes": ",".join(sorted(workspace.app.scopes))})


def _unknown(_state: State, _given: calls.Arguments) -> dict[str, Any]:
    """docs.slack.dev/apis/web-api: unknown_method."""
    raise Failure("unknown_method")


async def _hook(request: web.Request) -> web.StreamResponse:
    """docs.slack.dev/interactivity/handling-user-interaction: a JSON body, and `ok` as text."""
    workspace = request.app[WORKSPACE]
    fault = workspace.faults.next_of("hooks")
    if fault and fault.how is not How.LOST:
        return await _failing(request, fault)
    try:
        body = calls.as_object(await request.read())
        answer(workspace, workspace.hooks.use(request.match_info["name"]), body)
    except Failure as failure:
        status = 404 if failure.code.endswith("_url") else 400
        return web.json_response({"ok": False, "error": failure.code} | failure.more, status=status)
    return _cut(request) if fault else web.Response(text="ok")


async def _upload(request: web.Request) -> web.StreamResponse:
    """docs.slack.dev/messaging/working-with-files: the bytes as they are, or as the one file of a form."""
    workspace = request.app[WORKSPACE]
    fault = workspace.faults.next_of("upload")
    if fault and fault.how is not How.LOST:
        return await _failing(request, fault)
    try:
        data = await _uploaded(request, workspace.shelf.largest)
        workspace.shelf.take(request.match_info["ticket"], data)
    except Failure as failure:
        return web.Response(status=400, text=failure.code)
    return _cut(request) if fault else web.Response(text=f"OK - {len(data)}")


async def _uploaded(request: web.Request, most: int) -> bytes:
    content: AsyncIterator[bytes] = request.content.iter_any()
    if request.content_type == "multipart/form-data":
        part = await (await request.multipart()).next()
        content = _chunks(part) if isinstance(part, BodyPartReader) else content
    data = bytearray()
    async for chunk in content:
        data += chunk
        if len(data) > most:
            raise Failure("too_large")
    return bytes(data)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk():
        yield bytes(chunk)


async def _file(request: web.Request) -> web.StreamResponse:
    """docs.slack.dev/reference/objects/file-object: url_private needs a token with files:read. Never shown, always saved."""
    workspace = request.app[WORKSPACE]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        calls.admit(workspace, token if scheme.casefold() == "bearer" else "", "files:read")
        file = workspace.shelf.get(request.match_info["file"])
    except Failure as failure:
        return web.json_response({"ok": False, "error": failure.code}, status=403)
    headers = {
        "Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }  # fmt: skip
    return web.Response(body=file.data, content_type=file.mimetype, headers=headers)


async def _link(request: web.Request) -> web.StreamResponse:
    """One use of one ticket, and no page elsewhere: a browser names its Origin, the app does not."""
    workspace = request.app[WORKSPACE]
    origin = request.headers.get("Origin", workspace.url)
    if origin != workspace.url or not workspace.link.admits(request.query.get("ticket", "")):
        return web.Response(status=403, text="ask apps.connections.open for an address")
    return await workspace.link.serve(request)


async def _failing(request: web.Request, fault: Fault) -> web.StreamResponse:
    """docs.slack.dev/apis/web-api/rate-limits: 429, Retry-After in seconds."""
    workspace = request.app[WORKSPACE]
    if fault.how is How.RATE_LIMITED:
        refusal = {"ok": False, "error": "ratelimited"}
        return web.json_response(refusal, status=429, headers={"Retry-After": str(fault.retry_after)})
    if fault.how is How.BROKEN:
        return web.Response(status=500, text="")
    if fault.how is How.NOT_JSON:
        return web.Response(text="<html><title>Slack is down</title></html>", content_type="text/html")
    if fault.how is How.HANGS:
        await workspace.faults.released.wait()
    return _cut(request)


def _cut(request: web.Request) -> web.StreamResponse:
    """The connection ends without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _close(app: web.Application) -> None:
    workspace = app[WORKSPACE]
    workspace.log.close()
    await workspace.link.close()

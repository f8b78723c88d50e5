// Server-sent events: every piece that changes, from where we have been told so far. The browser itself comes back after a break.

let source = null;

export function follow(person, after, { piece, lost, back }) {
  leave();
  source = new EventSource(`/page/stream?${new URLSearchParams({ as: person, after })}`);
  source.addEventListener("message", (event) => piece(JSON.parse(event.data)));
  source.addEventListener("open", back);
  source.addEventListener("error", (event) => lost(event.target.readyState === EventSource.CLOSED));
}

export function leave() {
  source?.close();
  source = null;
}

// What the person sees: the whole of it as it was asked for, and every piece that has come since.

export const sight = {
  me: null, app: null, team: null, people: new Map(), channels: new Map(), modal: null, depth: 0, home: null, suggestions: [], seq: 0,
};

export function whole(state) {
  Object.assign(sight, {
    me: state.me, team: state.team, modal: state.modal, depth: state.depth, home: state.home, seq: state.seq,
    people: new Map(state.people.map((person) => [person.id, person])),
    channels: new Map(state.channels.map((channel) => [channel.id, withMessages(channel, channel.messages)])),
    suggestions: state.suggestions.length ? state.suggestions : state.commands.map((command) => ({ command, about: "", words: [] })),
  });
  sight.app = sight.people.get(state.bot);
}

const withMessages = (channel, messages) => ({ ...channel, messages: new Map(messages.map((message) => [message.ts, message])) });

// Returns what has come newly into a channel: the messages, and the replies.
export function put(piece) {
  if (piece.kind === "views") {
    Object.assign(sight, { modal: piece.modal, depth: piece.depth, home: piece.home });
    return [];
  }
  const known = sight.channels.get(piece.channel.id)?.messages ?? new Map();
  const fresh = piece.messages.flatMap((message) => newOf(message, known.get(message.ts)));
  if (piece.gone) known.delete(piece.gone);
  for (const [ts, message] of known) {
    if (piece.gone && message.replies.some((reply) => reply.ts === piece.gone)) {
      known.set(ts, { ...message, replies: message.replies.filter((reply) => reply.ts !== piece.gone) });
    }
  }
  for (const message of piece.messages) known.set(message.ts, message);
  const inOrder = [...known.values()].sort((one, other) => (one.ts < other.ts ? -1 : 1));
  sight.channels.set(piece.channel.id, withMessages(piece.channel, inOrder));
  return fresh;
}

function newOf(message, known) {
  if (!known) return [message];
  const before = new Set(known.replies.map((reply) => reply.ts));
  return message.replies.filter((reply) => !before.has(reply.ts));
}

export const personName = (id) => sight.people.get(id)?.real_name ?? "";
export const channelName = (id) => { const channel = sight.channels.get(id); return channel && channel.kind !== "im" ? channel.name : ""; };
export const direct = () => [...sight.channels.values()].find((channel) => channel.kind === "im" && channel.with === sight.app?.id);
export const title = (channel) => (channel.kind === "im" ? channel.name : `# ${channel.name}`);
export const unreadInAll = () => [...sight.channels.values()].reduce((sum, channel) => sum + channel.unread, 0);

// What the rooms beside the chat ask of the server; a refusal is a sentence, and then nothing was done.

const CLOSED = "This page is closed. Open it with the address that the terminal printed last.";
const AWAY = "The desk does not answer. Nothing was sent; start it again in the terminal, then try again.";

export const state = () => asked("/page/demo/state");
export const mailboxes = async () => (await asked("/page/demo/mailboxes")).mailboxes;
export const addressOfLetter = (number) => `/page/demo/letters/${encodeURIComponent(number)}`;

export function act(name, given) {
  return asked("/page/demo/acts", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ act: name, ...given }) });
}

async function asked(address, more = {}) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", ...more });
  } catch {
    throw new Error(AWAY);
  }
  if (response.status === 403) throw new Error(CLOSED);
  if (response.status === 413) throw new Error("This is larger than a mail may be here. Nothing was sent.");
  const body = await response.json().catch(() => ({ error: `The desk could not do this (${response.status}). Look at what stands there, and try again.` }));
  if (!response.ok) throw new Error(`${body.error}`);
  return body;
}

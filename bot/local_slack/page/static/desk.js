// What the page asks of its server: to look, to act, to bring a file. Whose act it is goes with each.

import { sight } from "./sight.js";

export class Refused extends Error {}

// Slack's words for what could not be done, as a person is told them; nothing has been done in any of these cases.
const SAID = {
  message_not_found: "This has changed or gone meanwhile. Nothing was done; look at what stands there now.",
  view_not_found: "This form is no longer open. Nothing was sent.",
  action_not_found: "This can no longer be pressed. Nothing was done.",
  option_not_found: "This choice is no longer offered. Nothing was done.",
  channel_not_found: "This channel is not open to this person. Nothing was sent.",
  not_in_channel: "This person is not a member of the channel. Nothing was sent.",
  msg_too_long: "This is longer than 40,000 characters. It was not sent; what you typed is still there.",
  file_not_found: "The file is no longer there. Choose it again.",
  invalid_name: "The file's name cannot be used. Rename it and choose it again.",
};

export async function look(person) {
  return answered(await asked(`/page/state${person ? `?as=${encodeURIComponent(person)}` : ""}`));
}

export async function act(name, given = {}) {
  const body = JSON.stringify({ as: sight.me.id, act: name, ...given });
  return answered(await asked("/page/acts", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

export async function bring(file) {
  const query = new URLSearchParams({ as: sight.me.id, name: file.name });
  const body = await asked(`/page/files?${query}`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
  return (await answered(body)).file;
}

export const addressOf = (file) => `${addressOfId(file.id)}`;
export const addressOfId = (id) => `/page/files/${encodeURIComponent(id)}?as=${encodeURIComponent(sight.me.id)}`;

async function asked(address, more = {}) {
  try {
    return await fetch(address, { credentials: "same-origin", ...more });
  } catch {
    throw new Refused("The desk does not answer. Nothing was sent; start it again in the terminal, then try again.");
  }
}

async function answered(response) {
  if (response.status === 403) throw new Refused("This page is closed. Open it with the address that the terminal printed last.");
  if (response.status === 413) throw new Refused("This is larger than the desk takes. Nothing was sent.");
  const body = await response.json().catch(() => ({ ok: false, error: `HTTP ${response.status}` }));
  if (!response.ok) throw new Refused(SAID[body.error] ?? `This could not be done (${body.error}). Nothing was changed.`);
  return body;
}

// What is filled in and chosen on a message or in a view, kept while it is drawn anew; and what the app is still to hear of it.

import { act } from "./desk.js";
import { sight } from "./sight.js";

const WAIT = 300; // milliseconds in which typing becomes one message to the app
const kept = new Map();

export function entriesAt(place) {
  const key = `${sight.me.id} ${place.view ?? `${place.channel} ${place.ts}`}`;
  if (!kept.has(key)) kept.set(key, new Entries(place));
  return kept.get(key);
}

class Entries {
  values = new Map();
  waiting = new Map();

  constructor(place) {
    this.place = place;
  }

  get(block, element) {
    const key = `${block.block_id} ${element.action_id}`;
    return this.values.has(key) ? this.values.get(key).value : first(element);
  }

  set(block, element, value) {
    this.values.set(`${block.block_id} ${element.action_id}`, { action: element.action_id, value });
  }

  get sent() {
    return Object.fromEntries([...this.values.values()].map(({ action, value }) => [action, value]));
  }

  get dirty() {
    return this.values.size > 0;
  }

  press(block, element, chosen = null) {
    return act("presses", { ...this.place, block: block.block_id, action: element.action_id, chosen, entries: this.sent });
  }

  // Told soon, and once for what is typed without a pause.
  tell(block, element) {
    const key = `${block.block_id} ${element.action_id}`;
    clearTimeout(this.waiting.get(key)?.timer);
    const send = () => {
      this.waiting.delete(key);
      return this.press(block, element, this.get(block, element)).catch(() => {}); // what was typed stays, and goes with the submission
    };
    this.waiting.set(key, { send, timer: setTimeout(send, WAIT) });
  }

  // Before a form goes or closes, the app has heard of all that was typed.
  async flushed() {
    await Promise.all([...this.waiting.values()].map(({ timer, send }) => (clearTimeout(timer), send())));
  }
}

const FIRST = ["initial_value", "initial_date", "initial_time", "initial_date_time", "initial_user", "initial_users", "initial_conversation",
  "initial_conversations", "initial_channel", "initial_channels"];

// What stands there before anybody enters anything (the page of each element under docs.slack.dev/reference/block-kit/block-elements).
function first(element) {
  const name = FIRST.find((each) => each in element);
  if (name) return element[name];
  if (element.initial_option) return element.initial_option.value;
  return element.initial_options ? element.initial_options.map((option) => option.value) : null;
}

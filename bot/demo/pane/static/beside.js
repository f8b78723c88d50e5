// Begins: two rooms beside the chat, which follow what changes at the desk.

import { state } from "./asking.js";
import { clock, drawClock } from "./clock.js";
import { drawMail, mail, openMailboxes } from "./mail.js";
import { addRooms, room } from "./rooms.js";
import { drawTour, tour } from "./tour.js";
import { told } from "/page/look/notices.js";

let looking = false;
let again = false;

async function look() {
  again = looking;
  if (looking) return;
  looking = true;
  const seen = await told(state());
  looking = false;
  if (seen) {
    drawClock(seen);
    drawMail(seen);
    drawTour(seen.tour);
  }
  if (again) look();
}

addRooms(room("room-mail", "Mailboxes", mail), room("room-tour", "Tour and clock", clock, tour));
await openMailboxes();
new EventSource("/page/demo/stream").addEventListener("message", look);

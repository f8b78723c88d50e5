// What is said beside the conversation: quietly to who hears the page, and in a banner where something is amiss.

const status = document.getElementById("status");
const banner = document.getElementById("banner");

export function say(words) {
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = words; });
}

// In the form that stands open, where one does: what is behind it cannot be read.
export function warn(words) {
  const open = [...document.querySelectorAll("dialog[open] .trouble")].at(-1);
  for (const place of [banner, ...(open ? [open] : [])]) {
    place.textContent = place === (open ?? banner) ? words : "";
    place.hidden = !place.textContent;
  }
}

// An act that was refused is said, and not thrown on; true where it was done.
export async function told(doing) {
  try {
    const done = await doing;
    if (banner.dataset.of === "act") warn("");
    banner.dataset.of = "";
    return done ?? true;
  } catch (error) {
    warn(error.message);
    banner.dataset.of = "act";
    return null;
  }
}

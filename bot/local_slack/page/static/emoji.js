// The few signs that a secretariat's messages use, by Slack's names; any other stays as it was written.

const SIGNS = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", rotating_light: "🚨", information_source: "ℹ️", eyes: "👀",
  hourglass: "⌛", bell: "🔔", envelope: "✉️", email: "📧", paperclip: "📎", lock: "🔒", calendar: "📆", memo: "📝", tada: "🎉",
  wave: "👋", "+1": "👍", thumbsup: "👍", "-1": "👎", pray: "🙏", red_circle: "🔴", large_blue_circle: "🔵", question: "❓",
  smile: "😄", slightly_smiling_face: "🙂", heart: "❤️", point_right: "👉", stopwatch: "⏱️", inbox_tray: "📥", outbox_tray: "📤",
};

export function signs(text) {
  return text.replace(/:([a-z0-9_+-]{1,40}):/gu, (whole, name) => (Object.hasOwn(SIGNS, name) ? SIGNS[name] : whole));
}

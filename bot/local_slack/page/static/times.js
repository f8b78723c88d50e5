// Moments as the secretariat writes them, in the zone of the person who reads.

let zone = "America/New_York";
const made = new Map();

export function inZoneOf(person) {
  zone = person.tz || zone;
}

function format(options) {
  const key = zone + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
  return made.get(key);
}

export const moment = (ts) => new Date(Number(ts) * 1000);

export function clock(ts, { seconds = false } = {}) {
  const written = format({ hour: "numeric", minute: "2-digit", ...(seconds && { second: "2-digit" }) }).format(moment(ts));
  return written.replace(/\s?AM$/u, " a.m.").replace(/\s?PM$/u, " p.m.");
}

function parts(ts, options) {
  return Object.fromEntries(format(options).formatToParts(moment(ts)).map(({ type, value }) => [type, value]));
}

export function day(ts) {
  const { weekday, day: date, month, year } = parts(ts, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return `${weekday} ${date} ${month} ${year}`;
}

export const placeOfZone = () => zone.split("/").pop().replaceAll("_", " ");
export const machine = (ts) => (Number.isFinite(Number(ts)) ? moment(ts).toISOString() : "");

// docs.slack.dev/messaging/formatting-message-text: the words between braces in <!date^…>.
export function dated(ts, pattern) {
  const at = (options) => format(options).format(moment(ts));
  const words = {
    date_num: () => { const { year, month, day: date } = parts(ts, { year: "numeric", month: "2-digit", day: "2-digit" }); return `${year}-${month}-${date}`; },
    date: () => at({ month: "long", day: "numeric", year: "numeric" }),
    date_short: () => at({ month: "short", day: "numeric", year: "numeric" }),
    date_long: () => at({ weekday: "long", month: "long", day: "numeric", year: "numeric" }),
    date_pretty: () => at({ month: "long", day: "numeric", year: "numeric" }),
    date_short_pretty: () => at({ month: "short", day: "numeric", year: "numeric" }),
    date_long_pretty: () => at({ weekday: "long", month: "long", day: "numeric", year: "numeric" }),
    time: () => clock(ts),
    time_secs: () => clock(ts, { seconds: true }),
    ago: () => `${day(ts)}, ${clock(ts)}`,
  };
  return pattern.replace(/\{(\w+)\}/gu, (whole, name) => (Object.hasOwn(words, name) ? words[name]() : whole));
}

// Dates and times as the browser's own fields have them, and as Slack's elements do.

export const KINDS = {
  datepicker: { type: "date", asks: "Date", read: (text) => text || null },
  timepicker: { type: "time", asks: "Time", read: (text) => text || null },
  datetimepicker: { type: "datetime-local", asks: "Date and time", read: (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null) },
};

export function written(element, value) {
  if (value === null || value === undefined) return "";
  if (element.type !== "datetimepicker") return value;
  const at = new Date(value * 1000);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

// Where one is, in the part of the address that stays in the browser: #PERSON/CHANNEL or home/THREAD. Back and reload keep it.

export function where() {
  const [person = "", channel = "", thread = ""] = location.hash.slice(1).split("/");
  return /^[A-Z0-9]*$/u.test(person) ? { person, channel, thread } : { person: "", channel: "", thread: "" };
}

export const written = ({ person, channel = "", thread = "" }) => `#${[person, channel, thread].filter(Boolean).join("/")}`;

export function go(place) {
  const address = written({ ...where(), ...place });
  if (address !== location.hash) location.hash = address;
}

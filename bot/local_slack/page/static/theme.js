// Light, dark, or as the system is; kept by the browser.

const choice = document.getElementById("theme");
const KEY = "verbale-theme";

function put(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

choice.value = localStorage.getItem(KEY) ?? "";
put(choice.value);
choice.addEventListener("change", () => {
  put(choice.value);
  localStorage.setItem(KEY, choice.value);
});

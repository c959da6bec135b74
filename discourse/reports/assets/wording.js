// Say a string of the page in French or English, as wording.py does; see there for the placeholders.

const PLACE = /\{(\w+)(?::(\w+))?(?:\|([^|}]*)\|([^|}]*))?\}/g;
const THIN = "\u202f";
const HARD = "\u00a0";

let language = document.documentElement.lang === "fr" ? "fr" : "en";
let wording = { strings: {}, months: { en: [], fr: [] }, attributes: [] };

function say(key, values = {}) {
  const template = wording.strings[key][language === "en" ? 0 : 1];
  return template.replace(PLACE, (_, name, kind, one, many) =>
    many === undefined ? show(values[name], kind) : isSingle(Number(values[name])) ? one : many,
  );
}

function show(value, kind) {
  if (value === null || value === undefined) return "–";
  if (kind === "percent") return showPercent(Number(value));
  if (kind === "decimal") {
    const text = (Math.round(Number(value) * 100) / 100).toFixed(2);
    return language === "fr" ? text.replace(".", ",") : text;
  }
  if (kind === "day" || kind === "minute") return showMoment(String(value), kind);
  return Number.isInteger(value) ? showWhole(value) : String(value);
}

function isSingle(number) {
  return language === "fr" ? Math.abs(number) < 2 : number === 1;
}

function showPercent(share) {
  const sign = language === "fr" ? `${HARD}%` : "%";
  return share > 0 && share < 0.005 ? `<${HARD}1${sign}` : `${showWhole(Math.round(share * 100))}${sign}`;
}

function showWhole(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, language === "fr" ? THIN : ",");
}

function showMoment(iso, kind) {
  const [year, month, day] = iso.slice(0, 10).split("-");
  const number = language === "fr" && Number(day) === 1 ? "1er" : String(Number(day));
  const text = `${number} ${wording.months[language][Number(month) - 1]} ${year}`;
  return kind === "minute" && iso.length >= 16 ? `${text}, ${iso.slice(11, 16)}` : text;
}

// Say everything again that the server wrote, or that this script built, in the present language.
function sayAgain(root = document) {
  for (const element of root.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say, JSON.parse(element.dataset.with || "{}"));
  }
  for (const name of wording.attributes) {
    for (const element of root.querySelectorAll(`[data-say-${name}]`)) {
      const values = JSON.parse(element.getAttribute(`data-with-${name}`) || "{}");
      element.setAttribute(name, say(element.getAttribute(`data-say-${name}`), values));
    }
  }
}

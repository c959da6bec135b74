// The filters beside the reader: each control writes the address, and the address draws the controls.

const FACETS = {
  stance: { names: STANCES, key: (code) => `stance.${code}`, get: (labels, at) => labels.stance[at] },
  reply_stance: { names: REPLIES, key: (code) => `reply.${code}`, get: (labels, at) => labels.reply[at] },
  argument: { names: ARGUMENTS, key: (code) => `argument.${code}`, get: (labels, at) => labels.argument[at] },
};

// How many comments each choice would show, the other filters being what they are.
function drawFacets(threads, selection, target) {
  for (const [facet, { names, key, get }] of Object.entries(FACETS)) {
    const { [facet]: chosen = "", ...others } = selection;
    const counts = new Array(names.length).fill(0);
    for (const [thread, at] of select(threads, others, target)) {
      const code = get(labelsOfCached(thread, target), at);
      if (code >= 0) counts[code] += 1;
    }
    const on = new Set(chosen.split(",").filter(Boolean));
    const choices = names.map((label, code) => drawChoice(facet, label, key(label), counts[code], on.has(label)));
    document.getElementById(`facet-${facet}`).replaceChildren(...choices);
  }
}

const GUESSED = [...GUESSES].join(",");

function labelsOfCached(thread, target) {
  if (thread.cached?.target !== target || !thread.cached) thread.cached = { target, labels: labelsOf(thread, target) };
  return thread.cached.labels;
}

function drawChoice(facet, label, key, count, on) {
  const box = make("input", { type: "checkbox", name: facet, value: label });
  box.checked = on;
  box.disabled = count === 0 && !on;
  const words = told("span", key);
  if (facet === "argument") tell(words, "title", `argument.${label}.means`);
  const line = make("label", { class: `choice${count === 0 ? " empty" : ""}` }, box);
  if (facet === "stance") line.append(mark(label));
  line.append(words, make("span", { class: "count" }, showWhole(count)));
  return make("li", {}, line);
}

// Set the controls that are not counted from the selection.
function setControls(selection) {
  const values = { text: selection.text, author: personIn(selection), sure: selection.sure };
  for (const [id, value] of Object.entries(values)) {
    const control = document.getElementById(`filter-${id}`);
    if (document.activeElement !== control) control.value = value || "";
  }
  document.getElementById("filter-unsure").checked = selection.stance_abstained === "yes";
  document.getElementById("filter-guessed").checked = selection.link === GUESSED;
}

function personIn(selection) {
  return selection.author === undefined ? selection["author.has"] : unescapeSafely(selection.author);
}

function listPeople(threads) {
  const counts = new Map();
  for (const thread of threads) {
    thread.authors.forEach((code, at) => {
      if (code >= 0 && !isPost(thread, at)) counts.set(thread.people[code], (counts.get(thread.people[code]) || 0) + 1);
    });
  }
  const people = [...counts].sort((a, b) => b[1] - a[1]).map(([author]) => author);
  page.people = new Set(people);
  document.getElementById("people").replaceChildren(...people.slice(0, 500).map((value) => make("option", { value })));
}

// What the controls say, as a selection; what they do not control (a time, a branch) stays as it is.
function readControls(selection) {
  const value = (id) => document.getElementById(`filter-${id}`).value.trim();
  const checked = (id) => document.getElementById(`filter-${id}`).checked;
  const next = { ...selection, text: value("text"), sure: value("sure"), author: "", "author.has": "" };
  for (const facet of Object.keys(FACETS)) {
    next[facet] = [...document.querySelectorAll(`#facet-${facet} input:checked`)].map((box) => box.value).join(",");
  }
  const person = value("author");
  if (page.people.has(person)) next.author = oneValue(person);
  else next["author.has"] = person;
  if (checked("unsure") || next.stance_abstained === "yes") next.stance_abstained = checked("unsure") ? "yes" : "";
  if (checked("guessed") || next.link === GUESSED) next.link = checked("guessed") ? GUESSED : "";
  return Object.fromEntries(Object.entries(next).filter(([, word]) => word));
}

// The present selection in words, each part with a way to drop it.
function drawChips(selection, address) {
  const parts = Object.entries(selection).filter(([key, value]) => testOf(key, value) !== null);
  const chips = parts.map(([key, value]) => {
    const { [key]: _, ...rest } = selection;
    const link = make("a", { class: "drop", href: writeAddress({ ...address, comment: "", selection: rest }) }, "×");
    tell(link, "aria-label", "filter.drop");
    const words = make("b", { dir: "auto" }, ...wordsFor(key, value));
    return make("li", {}, told("span", Object.hasOwn(wording.strings, `picked.${key}`) ? `picked.${key}` : "picked.other"), " ", words, link);
  });
  document.getElementById("chips").replaceChildren(...chips);
  const clear = document.getElementById("clear");
  clear.hidden = chips.length === 0;
  clear.setAttribute("href", writeAddress({ ...address, comment: "", selection: {} }));
}

// The words for a value: those of the label it names, else the value itself.
function wordsFor(key, value) {
  const [column, test] = key.split(".");
  if (column === "created") return [told("span", "minute", { when: value })];
  if (column === "sure") return [told("span", "sure.percent", { share: Number(value) / 100 })];
  if (test === "empty") return [told("span", "picked.empty")];
  if (column === "all") return [];
  if (column === "text" || test === "has") return [value];
  if (column === "under") return [authorOfId(value) || value];
  const family = FAMILIES[column] || (column.endsWith("abstained") ? "yes-no" : column);
  return value.split(",").flatMap((part, k) => {
    const word = unescapeSafely(part);
    const known = Object.hasOwn(wording.strings, `${family}.${word}`);
    return [k ? ", " : "", known ? told("span", `${family}.${word}`) : word];
  });
}

const FAMILIES = {
  reply_stance: "reply", camp: "stance", parent_stance: "stance", secondary: "argument", truncated: "yes-no", labeled: "yes-no",
};

function authorOfId(id) {
  for (const thread of page.scope) if (thread.at.has(id)) return authorOf(thread, thread.at.get(id));
  return null;
}

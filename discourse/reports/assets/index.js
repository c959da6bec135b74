// The index of a large report: its lines sorted, searched and shown a page at a time.

const LINES = 100;
const ORDERS = {
  dump: () => 0,
  size: (a, b) => b.comments - a.comments,
  split: (a, b) => (b.contention ?? -1) - (a.contention ?? -1) || b.comments - a.comments,
};

const index = { lines: [], kept: [], shown: 0 };

function startIndex() {
  startChrome();
  index.lines = JSON.parse(document.getElementById("data").textContent).lines;
  const form = document.getElementById("index-tools");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", showIndex);
  ACTIONS.later = addLines;
  showIndex();
}

function showIndex() {
  const words = document.getElementById("index-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const order = ORDERS[document.getElementById("index-order").value];
  index.kept = index.lines
    .filter((line) => words.every((word) => `${line.title} ${line.target || ""}`.toLowerCase().includes(word)))
    .sort(order);
  index.shown = 0;
  document.getElementById("lines").replaceChildren();
  retell(document.getElementById("count"), "index.count", { n: index.kept.length, all: index.lines.length });
  document.getElementById("nothing").hidden = index.kept.length > 0;
  addLines();
}

function addLines() {
  const most = Math.max(1, ...index.kept.map((line) => sum(line.stance)));
  const next = index.kept.slice(index.shown, index.shown + LINES);
  document.getElementById("lines").append(...next.map((line) => drawLine(line, most)));
  index.shown += next.length;
  const later = document.getElementById("later");
  const left = index.kept.length - index.shown;
  later.hidden = left === 0;
  retell(later, "page.later", { n: Math.min(LINES, left), left });
}

function drawLine(line, most) {
  const name = make("th", { scope: "row", dir: "auto" }, make("a", { href: line.href }, line.title));
  const counts = [0, 2, 1].map((code) => {
    const n = line.stance[code];
    const number = told(n ? "a" : "span", "n", { n }, { class: n ? "n" : "n zero", href: n ? line.picks[code] : null });
    return make("td", { class: "num" }, number);
  });
  const plain = (n) => make("td", { class: "num" }, told("span", "n", { n }));
  return make("tr", {}, name, plain(line.comments), plain(line.people), ...counts, make("td", { class: "wide" }, strip(line.stance, most)));
}

function strip(stance, most) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ class: "strip", width: "100%", height: "10", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  let left = 0;
  for (const [kind, n] of [["favor", stance[0]], ["none", stance[2]], ["against", stance[1]]]) {
    const part = document.createElementNS(SVG, "rect");
    const width = (100 * n) / most;
    for (const [key, value] of Object.entries({ class: `fill ${kind}`, x: `${left}%`, width: `${width}%`, height: "10" })) {
      part.setAttribute(key, value);
    }
    svg.append(part);
    left += width;
  }
  return svg;
}

function sum(numbers) {
  return numbers.reduce((all, n) => all + n, 0);
}

startIndex();

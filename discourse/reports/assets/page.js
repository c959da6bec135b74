// The page: reads the data, follows the address, and answers the reader's keys and clicks.

const page = { threads: [], people: new Set(), camps: new Map(), byId: new Map(), targets: [], address: null, scope: null };

function start() {
  startChrome();
  listen();
  if (matchMedia("(max-width: 820px)").matches) document.querySelector(".fold-filters").open = false;
  const data = JSON.parse(document.getElementById("data").textContent);
  page.targets = data.targets;
  page.camps = new Map(Object.entries(data.camps));
  page.threads = readThreads(data);
  page.byId = new Map(page.threads.map((thread) => [thread.id, thread]));
  addEventListener("hashchange", () => follow());
  follow(true);
  document.documentElement.classList.add("ready");
}

// Show what the address names: a scope, a comment in it, or a selection.
function follow(first = false) {
  const address = readAddress();
  const thread = page.byId.get(address.thread) || (page.threads.length === 1 ? page.threads[0] : null);
  const scope = thread ? [thread] : page.threads;
  const target = targetOf(address, thread);
  const fresh = !page.scope || page.scope.length !== scope.length || page.scope[0] !== scope[0];
  page.scope = fresh ? scope : page.scope;
  page.address = { ...address, thread: thread ? thread.id : "" };
  showScope(thread, target);
  if (fresh) listPeople(page.scope);
  const at = thread && address.comment ? thread.at.get(address.comment) : undefined;
  const code = target === undefined ? null : page.targets.indexOf(target);
  const given = address.target === null ? null : code;
  showComments(page.scope, address.selection, target, given, at === undefined ? null : [thread, at]);
  drawFacets(page.scope, address.selection, target);
  drawChips(address.selection, page.address);
  setControls(address.selection);
  showCount();
  const active = Object.keys(address.selection).length > 0;
  document.body.classList.toggle("picking", active);
  if (at !== undefined) pointAt(findRow(thread, at));
  else if (page.typing) page.typing = false;
  else if (active) document.getElementById("reader").scrollIntoView();
  else if (fresh && !first) scrollTo(0, 0);
}

function targetOf(address, thread) {
  if (address.target !== null && page.targets[Number(address.target)] !== undefined) return page.targets[Number(address.target)];
  if (thread) return thread.labels[0]?.target;
  return page.targets.length === 1 ? page.targets[0] : undefined;
}

// One answer is on the screen at a time: that of all threads, or that of a thread and a target.
function showScope(thread, target) {
  const index = thread ? String(thread.index) : "";
  const code = thread ? String(page.targets.indexOf(target ?? null)) : "";
  for (const section of document.querySelectorAll(".scope")) {
    section.hidden = section.dataset.thread !== index || (index !== "" && section.dataset.target !== code);
  }
  const shown = document.querySelector(".scope:not([hidden]) h1");
  if (shown) document.title = shown.textContent;
}

function showCount() {
  const all = page.scope.reduce((sum, thread) => sum + thread.ids.length - (thread.post ? 1 : 0), 0);
  const picked = Object.keys(page.address.selection).length > 0;
  const count = document.getElementById("count");
  if (picked) retell(count, "count.some", { n: reader.items.length, all });
  else retell(count, "count.all", { n: all });
  document.getElementById("tree-tools").hidden = picked;
  document.getElementById("reader").classList.toggle("silent", all === 0);
  retell(document.querySelector("#reader-title [data-say]"), all === 0 ? "reader.silent" : "reader.title", {});
}

function pointAt(row) {
  for (const other of document.querySelectorAll(".row.here")) other.classList.remove("here");
  if (!row) return;
  row.classList.add("here");
  row.scrollIntoView({ block: "center" });
  row.querySelector("article").focus({ preventScroll: true });
}

function listen() {
  const filters = document.getElementById("filters");
  filters.addEventListener("submit", (event) => event.preventDefault());
  let waiting = 0;
  filters.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(applyControls, 150);
  });
  document.addEventListener("keydown", onKey);
  addEventListener("beforeprint", preparePrint);
  addEventListener("afterprint", endPrint);
}

function applyControls() {
  page.typing = true;
  const focused = document.activeElement;
  goTo({ ...page.address, comment: "", selection: readControls(page.address.selection) });
  const { name: group, value } = focused;
  setTimeout(() => {
    if (focused.isConnected || focused.type !== "checkbox") return;
    document.querySelector(`#facet-${group} input[value="${value}"]`)?.focus({ preventScroll: true });
  }, 30);
}

Object.assign(ACTIONS, {
  more: showAllOf,
  fold: (button) => toggleFold(button.closest(".row")),
  "fold-all": () => foldAll(true),
  "unfold-all": () => foldAll(false),
  earlier: addEarlier,
  later: addLater,
  print: () => print(),
  "to-reader": () => document.getElementById("reader").scrollIntoView(),
  "to-method": () => document.getElementById("method").scrollIntoView(),
  keys: () => document.getElementById("keys").showModal(),
});

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
  if (event.key === "Escape" && typing) event.target.blur();
  else if (event.key === "Escape" && document.body.classList.contains("picking")) goTo({ ...page.address, selection: {} });
  if (typing || document.querySelector("dialog[open]")) return;
  const move = { j: 1, k: -1 }[event.key];
  if (move) stepRow(move);
  else if (event.key === "f") document.activeElement.closest?.(".row")?.querySelector(".fold")?.click();
  else if (event.key === "/") document.getElementById("filter-text").focus();
  else if (event.key === "?") ACTIONS.keys();
  else return;
  event.preventDefault();
}

function stepRow(move) {
  const rows = [...document.querySelectorAll("#rows > .row")];
  const now = rows.indexOf(document.activeElement.closest?.(".row"));
  if (now === rows.length - 1 && move > 0 && !document.getElementById("later").hidden) return addLater();
  const next = rows[Math.max(0, now + move)];
  next?.querySelector("article, a")?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

start();

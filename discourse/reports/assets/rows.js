// The comments of the page: the columns that rows.py wrote, the reply tree in drawing order, and what a selection keeps.

const STANCES = ["favor", "against", "none"];
const REPLIES = ["agree", "disagree", "neutral"];
const ARGUMENTS = [
  "fact", "testimony", "value", "consequence", "cause", "analogy", "policy", "ad_hominem", "irony", "question", "none",
];
const STATUSES = ["ok", "deleted", "removed", "empty"];
const EVIDENCES = ["explicit", "indent", "quote", "mention", "inferred", "none"];
const GUESSES = new Set(["quote", "mention", "inferred"]);
const UNSURE = { stance: 1, reply: 2, argument: 4 };

// Threads as read, each with its tree: `order` is depth first, `ends[k]` the place after the subtree that starts at k.
function readThreads(data) {
  return data.threads.map((columns, index) => {
    const thread = { ...columns, index, order: [], ends: [], place: new Map(), at: new Map() };
    columns.ids.forEach((id, at) => thread.at.set(id, at));
    for (const name of ["edited"]) thread[name] = new Set(columns[name]);
    for (const name of ["link_sure", "ages", "status", "quotes", "urls", "repairs"]) {
      thread[name] = new Map(Object.entries(columns[name]).map(([at, value]) => [Number(at), value]));
    }
    thread.labels = columns.labels.map((label) => ({
      ...label,
      truncated: new Set(label.truncated),
      secondary: new Map(Object.entries(label.secondary).map(([at, value]) => [Number(at), value])),
    }));
    drawTree(thread);
    return thread;
  });
}

function drawTree(thread) {
  const { parents, order, ends } = thread;
  const first = new Int32Array(parents.length).fill(-1);
  const next = new Int32Array(parents.length).fill(-1);
  const roots = [];
  for (let at = parents.length - 1; at >= 0; at -= 1) {
    const up = parents[at];
    if (up < 0 || isPost(thread, up)) roots.push(at);
    else {
      next[at] = first[up];
      first[up] = at;
    }
  }
  const open = roots; // last in, first out: the roots were pushed from the last to the first
  const branch = [];
  while (open.length) {
    const at = open.pop();
    const up = parents[at] >= 0 && !isPost(thread, parents[at]) ? parents[at] : -1;
    while (branch.length && order[branch.at(-1)] !== up) ends[branch.pop()] = order.length;
    thread.place.set(at, order.length);
    branch.push(order.length);
    order.push(at);
    const replies = [];
    for (let child = first[at]; child >= 0; child = next[child]) replies.push(child);
    while (replies.length) open.push(replies.pop());
  }
  while (branch.length) ends[branch.pop()] = order.length;
}

function isPost(thread, at) {
  return thread.post && at === 0;
}

// The labels towards a target; without a target those towards the thread's first. A thread that was not asked about
// the target keeps its argument types, and has no stances.
function labelsOf(thread, target) {
  const first = thread.labels[0];
  if (target === undefined) return first;
  const nothing = thread.ids.map(() => -1);
  return (
    thread.labels.find((label) => label.target === target) ||
    { ...first, stance: nothing, stance_scores: nothing.map(() => null), camps: thread.people.map(() => -1) }
  );
}

function name(names, code) {
  return code < 0 ? null : names[code];
}

function authorOf(thread, at) {
  return thread.authors[at] < 0 ? null : thread.people[thread.authors[at]];
}

function evidenceOf(thread, at) {
  return EVIDENCES[thread.links[at]];
}

// What a selection in the address looks at: the columns of summary/selectors.py, and three of the page's own.
// A column takes the thread, the comment's place in it, and the thread's labels towards the present target.
const COLUMNS = {
  comment_id: (thread, at) => thread.ids[at],
  author: authorOf,
  depth: (thread, at) => thread.depths[at],
  created: (thread, at) => thread.created[at],
  lang: (thread, at) => thread.langs[thread.lang[at]],
  link: evidenceOf,
  status: (thread, at) => STATUSES[thread.status.get(at) || 0],
  stance: (thread, at, labels) => name(STANCES, labels.stance[at]),
  reply_stance: (thread, at, labels) => name(REPLIES, labels.reply[at]),
  argument: (thread, at, labels) => name(ARGUMENTS, labels.argument[at]),
  stance_abstained: (thread, at, labels) => abstained(labels, at, "stance"),
  reply_abstained: (thread, at, labels) => abstained(labels, at, "reply"),
  argument_abstained: (thread, at, labels) => abstained(labels, at, "argument"),
  truncated: (thread, at, labels) => yesNo(labels.truncated.has(at)),
  parent_author: (thread, at) => onParent(thread, at, (up) => authorOf(thread, up)),
  parent_stance: (thread, at, labels) => onParent(thread, at, (up) => name(STANCES, labels.stance[up])),
  camp: campOf,
  labeled: (thread, at, labels) => yesNo(Math.max(labels.stance[at], labels.reply[at], labels.argument[at]) >= 0),
  thread: (thread) => thread.id,
};

// Tests that are not a comparison of a column's value.
const TESTS = {
  all: () => () => true,
  secondary: (value) => (thread, at, labels) => (labels.secondary.get(at) || []).includes(ARGUMENTS.indexOf(value)),
  repairs: (value) => (thread, at) => (thread.repairs.get(at) || []).includes(value),
  sure: (value) => (thread, at, labels) => sureOf(labels, at) >= Number(value),
  under: (value) => {
    let branch = null;
    return (thread, at) => {
      branch = branch || branchOf(thread, value);
      return branch.has(at);
    };
  },
  text: (value) => {
    const words = fold(value).split(/\s+/).filter(Boolean);
    return (thread, at) => {
      thread.folded = thread.folded || [];
      const text = (thread.folded[at] = thread.folded[at] || fold(`${thread.texts[at]} ${authorOf(thread, at) || ""}`));
      return words.every((word) => text.includes(word));
    };
  },
};

// A part of a selection: `stance=favor`, `argument=fact,value`, `created.from=2024-02-26T08:00:00`, `author.empty=yes`.
function testOf(key, value) {
  if (Object.hasOwn(TESTS, key)) return TESTS[key](value);
  const [column, test = "is"] = key.split(".");
  if (!Object.hasOwn(COLUMNS, column)) return null;
  const get = COLUMNS[column];
  if (test === "empty") return (...place) => get(...place) === null;
  if (test === "has") return (...place) => notNull(get(...place), (found) => fold(String(found)).includes(fold(value)));
  if (test === "from") return (...place) => notNull(get(...place), (found) => found >= bound(found, value));
  if (test === "before") return (...place) => notNull(get(...place), (found) => found < bound(found, value));
  const values = new Set(value.split(",").map(unescapeSafely));
  if (test === "not") return (...place) => !values.has(String(get(...place)));
  return (...place) => notNull(get(...place), (found) => values.has(String(found)));
}

function notNull(found, test) {
  return found !== null && test(found);
}

function bound(found, value) {
  return typeof found === "number" ? Number(value) : value;
}

function abstained(labels, at, field) {
  const codes = { stance: labels.stance, reply: labels.reply, argument: labels.argument };
  return codes[field][at] < 0 ? null : yesNo((labels.unsure[at] & UNSURE[field]) > 0);
}

function yesNo(value) {
  return value ? "yes" : "no";
}

function onParent(thread, at, get) {
  const up = thread.parents[at];
  return up < 0 || isPost(thread, up) ? null : get(up);
}

// Where a comment's author stands: in all threads of the page together, if all are shown, else in this one.
function campOf(thread, at, labels) {
  const code = thread.authors[at];
  if (code < 0) return null;
  const together = page.scope.length > 1 && page.camps.size > 0;
  return name(STANCES, together ? (page.camps.get(thread.people[code]) ?? -1) : labels.camps[code]);
}

function sureOf(labels, at) {
  const scores = labels.stance_scores[at];
  return scores ? scores[labels.stance[at]] : labels.argument_sure[at];
}

function branchOf(thread, id) {
  const at = thread.at.get(id);
  const start = at === undefined ? undefined : thread.place.get(at);
  return new Set(start === undefined ? [] : thread.order.slice(start, thread.ends[start]));
}

// Words are compared without case and accents.
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// The comments (never the post) that pass every test of a selection, as [thread, place] in drawing order.
function select(threads, selection, target) {
  const found = [];
  for (const thread of threads) {
    const labels = labelsOf(thread, target);
    const tests = Object.entries(selection)
      .map(([key, value]) => testOf(key, value))
      .filter((test) => test !== null);
    for (const at of thread.order) {
      if (!isPost(thread, at) && tests.every((test) => test(thread, at, labels))) found.push([thread, at]);
    }
  }
  return found;
}

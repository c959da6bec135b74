// The reader: the thread as a tree, or the selected comments as a list, a page of rows at a time.

const PAGE = 100; // rows added at a time; a row costs about 0.1 ms to build and 30 elements to keep
const PRINTED = 2000; // rows put on paper at most; the page says so when there are more

const reader = {
  threads: [],
  items: [], // [thread, place of the comment] in drawing order; a place of -1 is the thread's heading
  from: 0,
  until: 0,
  context: { tree: true, several: false, target: undefined, targetCode: null, folded: new Set() },
};

// Show the threads of a scope: all their comments as trees, or those that a selection keeps as a list.
function showComments(threads, selection, target, targetCode, focus) {
  const tree = Object.keys(selection).length === 0;
  const same = reader.tree === tree && reader.threads === threads && reader.context.target === target;
  reader.threads = threads;
  reader.selection = selection;
  reader.context = { ...reader.context, tree, several: threads.length > 1, target, targetCode };
  if (focus) unfold(...focus);
  listItems();
  const here = focus ? placeOf(...focus) : -1;
  if (here < 0 || !same || here < reader.from || here >= reader.until) {
    reader.from = Math.max(0, here - 10);
    reader.until = Math.min(reader.items.length, reader.from + PAGE);
  }
  drawRows();
  return here;
}

function listItems() {
  const { tree, several, target, folded } = reader.context;
  if (!tree) {
    reader.items = select(reader.threads, reader.selection, target);
    return;
  }
  reader.items = [];
  for (const thread of reader.threads) {
    if (several) reader.items.push([thread, -1]);
    for (let place = 0; place < thread.order.length; ) {
      const at = thread.order[place];
      reader.items.push([thread, at]);
      place = folded.has(`${thread.index}:${at}`) ? thread.ends[place] : place + 1;
    }
  }
}

function placeOf(thread, at) {
  return reader.items.findIndex(([other, place]) => other === thread && place === at);
}

function unfold(thread, at) {
  for (let up = thread.parents[at]; up >= 0; up = thread.parents[up]) reader.context.folded.delete(`${thread.index}:${up}`);
}

function drawRows() {
  const list = document.getElementById("rows");
  const rows = reader.items.slice(reader.from, reader.until).map(([thread, at], k) => drawItem(thread, at, k));
  list.replaceChildren(...rows);
  drawEdges();
}

function drawItem(thread, at, k) {
  if (at >= 0) {
    const before = reader.items[reader.from + k - 1];
    const row = drawComment(thread, at, reader.context);
    if (!reader.context.tree && reader.context.several && (!before || before[0] !== thread)) {
      row.prepend(drawThreadName(thread));
    }
    return row;
  }
  return make("li", { class: "row heading" }, drawThreadName(thread));
}

function drawThreadName(thread) {
  const link = make("a", { href: writeAddress({ thread: thread.id }), dir: "auto" }, thread.title || thread.id);
  return make("h3", { class: "thread-name" }, link);
}

// What lies before and after the rows that are drawn.
function drawEdges() {
  const earlier = document.getElementById("earlier");
  const later = document.getElementById("later");
  const left = reader.items.length - reader.until;
  earlier.hidden = reader.from === 0;
  later.hidden = left === 0;
  retell(earlier, "page.earlier", { n: Math.min(PAGE, reader.from) });
  retell(later, "page.later", { n: Math.min(PAGE, left), left });
  document.getElementById("nothing").hidden = reader.items.length > 0;
}

function addLater() {
  const list = document.getElementById("rows");
  const stop = Math.min(reader.items.length, reader.until + PAGE);
  const rows = reader.items.slice(reader.until, stop).map(([thread, at], k) =>
    drawItem(thread, at, reader.until - reader.from + k),
  );
  list.append(...rows);
  reader.until = stop;
  drawEdges();
  rows[0]?.querySelector("article, a")?.focus({ preventScroll: true });
}

function addEarlier() {
  const list = document.getElementById("rows");
  const first = list.firstElementChild;
  const top = first?.getBoundingClientRect().top ?? 0;
  const from = Math.max(0, reader.from - PAGE);
  const items = reader.items.slice(from, reader.from);
  reader.from = from;
  list.prepend(...items.map(([thread, at], k) => drawItem(thread, at, k)));
  drawEdges();
  if (first) scrollBy(0, first.getBoundingClientRect().top - top);
}

// Fold or unfold the replies to one comment, keeping it where it stands on the screen.
function toggleFold(row) {
  const { thread, at, key } = rowOf(row);
  const { folded } = reader.context;
  const top = row.getBoundingClientRect().top;
  if (folded.has(key)) folded.delete(key);
  else folded.add(key);
  redraw();
  const again = findRow(thread, at);
  if (again) {
    scrollBy(0, again.getBoundingClientRect().top - top);
    again.querySelector(".fold")?.focus({ preventScroll: true });
  }
}

function foldAll(folding) {
  const { folded } = reader.context;
  folded.clear();
  if (folding) {
    for (const thread of reader.threads) {
      thread.order.forEach((at, place) => {
        const top = thread.parents[at] < 0 || isPost(thread, thread.parents[at]);
        if (top && !isPost(thread, at) && thread.ends[place] > place + 1) folded.add(`${thread.index}:${at}`);
      });
    }
  }
  reader.from = 0;
  reader.until = PAGE;
  redraw();
}

function redraw() {
  const size = Math.max(PAGE, reader.until - reader.from);
  listItems();
  reader.until = Math.min(reader.items.length, reader.from + size);
  drawRows();
}

function rowOf(row) {
  const thread = page.threads[Number(row.dataset.thread)];
  const at = Number(row.dataset.at);
  return { thread, at, key: `${thread.index}:${at}` };
}

function findRow(thread, at) {
  return document.querySelector(`#rows > [data-thread="${thread.index}"][data-at="${at}"]`);
}

function showAllOf(button) {
  const { thread, at } = rowOf(button.closest(".row"));
  button.parentElement.querySelector(".text").textContent = thread.texts[at];
  button.remove();
}

// Paper shows the rows from the top, unfolded as they are, up to a limit; the screen comes back as it was.
function preparePrint() {
  reader.printed = { from: reader.from, until: reader.until };
  reader.from = 0;
  reader.until = Math.min(reader.items.length, PRINTED);
  drawRows();
  for (const button of document.querySelectorAll("#rows .more")) showAllOf(button);
  const note = document.getElementById("print-note");
  note.hidden = reader.items.length <= PRINTED;
  retell(note, "print.note", { n: PRINTED, all: reader.items.length });
}

function endPrint() {
  Object.assign(reader, reader.printed);
  drawRows();
}

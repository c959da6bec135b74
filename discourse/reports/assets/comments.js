// Draw comments: one flat row each, its depth shown by an indentation that stops growing, so that any depth can be read.
// Everything that comes from the data is set as text, never as markup.

const CUT = 1200; // characters shown of a long text before "show all"

// One comment. `context` holds the present target, whether rows are a tree or a list, and which branches are folded.
function drawComment(thread, at, context) {
  const labels = labelsOf(thread, context.target);
  const stance = name(STANCES, labels.stance[at]);
  const unsure = (labels.unsure[at] & UNSURE.stance) > 0;
  const level = context.tree ? Math.max(0, thread.depths[at] - 1) : 0;
  const kind = isPost(thread, at) ? "post" : stance || "unlabeled";
  const row = make("li", { class: `row ${kind}${unsure ? " unsure" : ""}`, "data-thread": thread.index, "data-at": at });
  row.style.setProperty("--level", String(Math.min(level, 12)));
  const box = make("article", { tabindex: "-1" });
  box.append(
    drawHead(thread, at, labels, context),
    ...drawParent(thread, at, labels, context),
    ...(thread.quotes.get(at) || []).map(([author, text]) => drawQuote(author, text)),
    drawText(thread, at),
    drawFoot(thread, at, labels),
  );
  row.append(box);
  if (context.tree) row.append(...drawFold(thread, at, context));
  return row;
}

function drawHead(thread, at, labels, context) {
  const author = authorOf(thread, at);
  const stance = name(STANCES, labels.stance[at]);
  const head = make("header", { class: "who" });
  if (isPost(thread, at)) head.append(told("span", "post", {}, { class: "badge" }));
  if (stance) head.append(drawStance(stance, labels, at));
  head.append(
    author === null
      ? told("span", "author.unknown", {}, { class: "author none" })
      : make("a", { class: "author", dir: "auto", href: linkTo(thread, context, { author: oneValue(author) }) }, author),
  );
  const when = thread.created[at];
  const day = when && when.endsWith("T00:00:00"); // midnight sharp is a date without a time
  if (when) head.append(make("time", { datetime: `${when}Z` }, told("span", day ? "facts.day" : "minute", { when })));
  else if (thread.ages.get(at)) head.append(make("span", { class: "age" }, thread.ages.get(at)));
  if (thread.edited.has(at)) head.append(told("span", "edited", {}, { class: "quiet" }));
  if (thread.scores[at] !== null) head.append(told("span", "score", { n: thread.scores[at] }, { class: "quiet" }));
  if (context.tree && thread.depths[at] > 5) {
    head.append(told("span", "depth.here", { n: thread.depths[at] }, { class: "quiet" }));
  }
  const link = make("a", { class: "permalink", href: writeAddress({ thread: thread.id, comment: thread.ids[at] }) }, "#");
  head.append(tell(link, "aria-label", "permalink"));
  return head;
}

function drawStance(stance, labels, at) {
  const unsure = (labels.unsure[at] & UNSURE.stance) > 0;
  const sure = labels.stance_scores[at][labels.stance[at]];
  const badge = make("span", { class: `stance ${stance}` }, mark(stance), told("b", `stance.${stance}`));
  badge.append(told("span", unsure ? "sure.not" : "sure.percent", { share: sure / 100 }, { class: "sure" }));
  return tell(badge, "title", "scores.stance", {
    favor: labels.stance_scores[at][0] / 100,
    against: labels.stance_scores[at][1] / 100,
    none: labels.stance_scores[at][2] / 100,
  });
}

// Whom a comment answers, in what spirit, and on what evidence we say so.
function drawParent(thread, at, labels, context) {
  const up = thread.parents[at];
  if (up < 0 || isPost(thread, up)) return [];
  const reply = name(REPLIES, labels.reply[at]);
  const unsure = (labels.unsure[at] & UNSURE.reply) > 0;
  const line = make("p", { class: "answers" });
  const author = authorOf(thread, up);
  const values = author === null ? {} : { author };
  const key = `answers.${reply || "plain"}${author === null ? ".unknown" : ""}`;
  const address = writeAddress({ thread: thread.id, comment: thread.ids[up] });
  line.append(told("a", key, values, { href: address, class: `reply ${reply || "plain"}`, dir: "auto" }));
  if (unsure) line.append(" ", told("span", "sure.not", {}, { class: "flag" }));
  const evidence = evidenceOf(thread, at);
  if (GUESSES.has(evidence)) {
    const share = (thread.link_sure.get(at) ?? 0) / 100;
    line.append(" ", told("span", `guess.${evidence}`, { share }, { class: "flag guess" }));
  }
  if (context.tree) return [line];
  const words = make("span", { class: "excerpt", dir: "auto" }, shorten(thread.texts[up], 140));
  line.append(" ", words);
  return [line];
}

function drawQuote(author, text) {
  const quote = make("blockquote", { dir: "auto" });
  if (author !== null) quote.append(told("cite", "quote.of", { author }));
  quote.append(shorten(text, CUT));
  return quote;
}

function drawText(thread, at) {
  const status = STATUSES[thread.status.get(at) || 0];
  if (status !== "ok" && !thread.texts[at]) return told("p", `status.${status}`, {}, { class: "text gone" });
  const text = thread.texts[at];
  const long = text.length > CUT * 1.25;
  const body = make("div", { class: `text${long ? " long" : ""}`, dir: "auto" }, long ? shorten(text, CUT) : text);
  const lang = thread.langs[thread.lang[at]];
  if (lang && lang !== "und") body.setAttribute("lang", lang);
  if (!long) return body;
  const more = told("button", "text.more", { n: text.length }, { type: "button", class: "more", "data-do": "more" });
  return make("div", { class: "cut" }, body, more);
}

function drawFoot(thread, at, labels) {
  const foot = make("footer", { class: "why" });
  const argument = name(ARGUMENTS, labels.argument[at]);
  if (argument) {
    const unsure = (labels.unsure[at] & UNSURE.argument) > 0;
    const chip = told("span", `argument.${argument}`, {}, { class: `chip${unsure ? " unsure" : ""}` });
    foot.append(tell(chip, "title", `argument.${argument}.means`));
    const share = labels.argument_sure[at] / 100;
    foot.append(told("span", unsure ? "sure.not" : "sure.percent", { share }, { class: "sure" }));
    for (const code of labels.secondary.get(at) || []) {
      foot.append(tell(told("span", `argument.${ARGUMENTS[code]}`, {}, { class: "chip second" }), "title", "argument.second"));
    }
  }
  if (labels.truncated.has(at)) foot.append(told("span", "truncated", {}, { class: "flag" }));
  for (const kind of thread.repairs.get(at) || []) {
    foot.append(tell(told("span", "repair.flag", { kind }, { class: "flag" }), "title", "repair.title"));
  }
  const url = thread.urls.get(at);
  if (url) foot.append(told("a", "source", {}, { href: url, rel: "noopener noreferrer", target: "_blank", class: "quiet" }));
  return foot;
}

// The control that folds and unfolds the replies to a comment.
function drawFold(thread, at, context) {
  const place = thread.place.get(at);
  const replies = thread.ends[place] - place - 1;
  if (isPost(thread, at) || replies === 0) return [];
  const folded = context.folded.has(`${thread.index}:${at}`);
  const key = folded ? "fold.show" : "fold.hide";
  return [told("button", key, { n: replies }, { type: "button", class: "fold", "data-do": "fold", "aria-expanded": !folded })];
}

function linkTo(thread, context, selection) {
  return writeAddress({ thread: context.several ? "" : thread.id, target: context.targetCode, selection });
}

// The first words of a text, never cutting a character in two.
function shorten(text, length) {
  if (text.length <= length) return text;
  const words = Array.from(text.slice(0, length + 1)).slice(0, -1).join("");
  const stop = words.lastIndexOf(" ");
  return `${stop > length * 0.6 ? words.slice(0, stop) : words} …`;
}

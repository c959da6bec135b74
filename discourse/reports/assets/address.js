// The address is the state of the page: #thread, #thread/comment, #thread?stance=favor&argument=fact, #?text=cloud.
// So every number can be a plain link, and what is seen can be bookmarked, sent and undone with the Back button.

function readAddress() {
  const text = location.hash.slice(1);
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  const [thread = "", comment = ""] = path.split("/").map(unescapeSafely);
  const selection = Object.fromEntries(new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)));
  const { target = null, ...tests } = selection;
  return { thread, comment, target, selection: tests };
}

function writeAddress({ thread = "", comment = "", target = null, selection = {} }) {
  const kept = Object.entries({ ...(target === null ? {} : { target }), ...selection }).filter(([, value]) => value !== "");
  const query = new URLSearchParams(kept).toString();
  const path = encodeURIComponent(whole(thread)) + (comment ? `/${encodeURIComponent(whole(comment))}` : "");
  return `#${path}${query ? `?${query}` : ""}`;
}

// Replace the address without a new step in the history (typing in a filter), or add one (following a link).
function goTo(address, { step = false } = {}) {
  const hash = writeAddress(address);
  if (step) location.assign(hash);
  else location.replace(hash);
}

// Half a character, from a dump that was cut in the middle of one, has no place in an address.
function whole(text) {
  return text.toWellFormed ? text.toWellFormed() : text;
}

// A value with commas stays one value: commas separate several.
function oneValue(text) {
  return text.replaceAll("%", "%25").replaceAll(",", "%2C");
}

function unescapeSafely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

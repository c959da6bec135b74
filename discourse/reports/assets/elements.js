// Make elements; what comes from the data is set as text or as an attribute, never as markup.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// An element that can be said again in the other language.
function told(tag, key, values = {}, attributes = {}) {
  const data = { "data-say": key, ...(Object.keys(values).length ? { "data-with": JSON.stringify(values) } : {}) };
  return make(tag, { ...attributes, ...data }, say(key, values));
}

function tell(element, attribute, key, values = {}) {
  element.setAttribute(attribute, say(key, values));
  element.setAttribute(`data-say-${attribute}`, key);
  if (Object.keys(values).length) element.setAttribute(`data-with-${attribute}`, JSON.stringify(values));
  return element;
}

function mark(stance) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `mark ${stance}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#mark-${stance}`);
  svg.append(use);
  return svg;
}

// Say something else with an element that was made before.
function retell(element, key, values = {}) {
  element.dataset.say = key;
  element.dataset.with = JSON.stringify(values);
  element.textContent = say(key, values);
}

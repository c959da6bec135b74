// What every page has: its language, its theme, and buttons that say in data-do what they do.

const ACTIONS = {
  language: (button) => {
    language = button.value;
    document.documentElement.lang = language;
    remember("language", language);
    sayAgain();
    showLanguage();
  },
  theme: () => {
    const order = ["auto", "light", "dark"];
    const next = order[(order.indexOf(document.documentElement.dataset.theme || "auto") + 1) % order.length];
    document.documentElement.dataset.theme = next;
    remember("theme", next);
    showTheme();
  },
};

function startChrome() {
  wording = JSON.parse(document.getElementById("wording").textContent);
  document.addEventListener("click", (event) => {
    const actor = event.target.closest("[data-do]");
    if (actor) ACTIONS[actor.dataset.do]?.(actor);
  });
  const theme = recall("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  showTheme();
  const spoken = recall("language");
  if (spoken && spoken !== language) ACTIONS.language({ value: spoken });
  showLanguage();
}

function showTheme() {
  retell(document.querySelector("[data-do=theme]"), `theme.${document.documentElement.dataset.theme || "auto"}`);
}

function showLanguage() {
  for (const button of document.querySelectorAll("[data-do=language]")) {
    button.setAttribute("aria-pressed", String(button.value === language));
  }
}

// A page opened from a file, or in a frame, may have no storage; then nothing is remembered.
function remember(key, value) {
  try {
    sessionStorage.setItem(`discourse-${key}`, value);
  } catch {
    return;
  }
}

function recall(key) {
  try {
    return sessionStorage.getItem(`discourse-${key}`);
  } catch {
    return null;
  }
}

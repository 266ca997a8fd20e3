/* Checking a reading: a task and its words light each other up; keys; the cursor as the place to split.
   Everything works without it: lines and tasks are linked by anchors, deeds are forms. */
(() => {
  "use strict";
  const review = () => document.getElementById("review");
  const cards = () => [...document.querySelectorAll(".draft[data-task]")];
  const wide = () => matchMedia("(min-width:900px)").matches;
  let current = 0;

  const inPane = (node) => {
    const pane = node?.closest(".pane");
    if (!pane || pane.scrollHeight <= pane.clientHeight + 1) return;
    const far = node.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    if (far < 40 || far > pane.clientHeight - 80) pane.scrollTop += far - pane.clientHeight / 3;
  };
  const sentences = (key) => document.querySelectorAll(`[data-tasks~="${CSS.escape(key)}"]`);
  const light = (keys) => {
    document.querySelectorAll(".sentence.is-lit").forEach((node) => node.classList.remove("is-lit"));
    keys.forEach((key) => sentences(key).forEach((node) => node.classList.add("is-lit")));
  };
  const choose = (card, { scroll = false, focus = false } = {}) => {
    if (!card) return;
    cards().forEach((one) => one.classList.toggle("is-current", one === card));
    current = card.dataset.task;
    light([current]);
    inPane(sentences(current)[0]);
    if (scroll) card.scrollIntoView({ block: "nearest" });
    if (focus) card.focus({ preventScroll: true });
  };
  const chosen = () => cards().find((card) => card.dataset.task === current) || null;

  document.addEventListener("click", (event) => {
    const sentence = event.target.closest("[data-tasks]");
    if (sentence && !getSelection().toString()) {
      const keys = sentence.dataset.tasks.split(" ");
      const found = keys.map((key) => document.getElementById(`task-${key}`)).filter(Boolean);
      if (found.length) {
        choose(found[0], { scroll: true, focus: true });
        found.slice(1).forEach((card) => card.classList.add("is-current"));
        light(keys);
      } else {
        sentence.closest("li").querySelector(`.chip[href$="#task-${keys[0]}"]`)?.click();
      }
      return;
    }
    const place = event.target.closest(".place");
    const card = event.target.closest(".draft[data-task]");
    if (place && wide() && document.querySelector(place.getAttribute("href"))) event.preventDefault();
    if (card && (place || !event.target.closest("a, button, input, select, textarea, label"))) choose(card);
  });
  document.addEventListener("focusin", (event) => {
    const card = event.target.closest?.(".draft[data-task]");
    if (card && card.dataset.task !== current) choose(card);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (!review() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !event.defaultPrevented) {
      const form = event.target.closest?.(".draft.editing");
      if (form) { event.preventDefault(); form.querySelector("[data-key=cancel]").click(); }
      return;
    }
    if (typing) return;
    const all = cards(), at = all.indexOf(chosen());
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      const next = all[Math.max(0, at + (event.key === "j" ? 1 : at < 0 ? 1 : -1))];
      if (next) choose(next, { scroll: true, focus: true });
      else document.querySelector(".pager a[rel=next]")?.click();
    } else if (event.key === "u") {
      document.getElementById("undo")?.click();
    } else if (["c", "x", "e"].includes(event.key)) {
      const button = chosen()?.querySelector(`[data-key="${event.key}"]`);
      if (!button) return;
      event.preventDefault();
      goOn = event.key !== "e";
      button.click();
    }
  });

  /* ---- reading a document takes seconds: say so ---- */
  const reading = document.querySelector("[data-reading]");
  if (reading) {
    document.querySelector("input[type=file]").form.addEventListener("submit", (event) => {
      reading.hidden = false;
      reading.scrollIntoView({ block: "nearest" });
      event.target.querySelector("[type=submit]").disabled = true;
    });
    addEventListener("pageshow", () => { reading.hidden = true; document.querySelector("form .btn.go").disabled = false; });
  }

  /* ---- what htmx brings: stay where the reader was, go on to the next task after a deed by key ---- */
  let goOn = false, scrolled = 0;
  const carets = (root) => root.querySelectorAll("[data-caret]").forEach((box) => {
    const text = box.querySelector("textarea"), button = box.querySelector("button");
    box.hidden = false;
    const set = () => { button.value = String(text.selectionStart); button.disabled = text.selectionStart < 1; };
    ["click", "keyup", "select"].forEach((name) => text.addEventListener(name, set));
    set();
  });
  document.addEventListener("htmx:beforeSwap", () => { scrolled = document.getElementById("source")?.scrollTop || 0; });
  const type = (card) => card?.querySelector("[aria-invalid], textarea")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => {
    const source = document.getElementById("source");
    if (event.detail.target?.id === "review" && source) source.scrollTop = scrolled;
    const card = chosen();
    if (!card) return;
    if (card.classList.contains("editing")) { type(card); return; }
    const all = cards(), next = goOn ? all[all.indexOf(card) + 1] : null;
    choose(next || card, { scroll: true, focus: true });
    goOn = false;
  });
  document.addEventListener("htmx:load", (event) => carets(event.target));
  carets(document);
  type(document.querySelector(".draft.editing"));
  if (location.hash.startsWith("#task-")) choose(document.querySelector(location.hash));
})();

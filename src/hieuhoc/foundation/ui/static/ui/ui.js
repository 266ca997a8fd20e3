/* Saves a reload, a click or a mistake. Every page works without it. */
(() => {
  "use strict";
  const html = document.documentElement;
  const vietnamese = html.lang !== "en";
  const words = vietnamese
    ? { none: "Không tìm thấy. Thử gõ ngắn hơn.", found: (n) => `${n} gợi ý`, offline: "Không kết nối được máy chủ. Những gì đã gõ vẫn còn trên trang; hãy thử lại.", failed: "Hệ thống gặp lỗi, chưa lưu được. Hãy thử lại sau ít phút." }
    : { none: "Nothing found. Try a shorter word.", found: (n) => `${n} suggestions`, offline: "The server cannot be reached. What you typed is still on the page; please try again.", failed: "The system met an error and nothing was saved. Please try again in a few minutes." };
  html.classList.add("js");

  const fold = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
  const make = (tag, attributes = {}, text = "") => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = text;
    return node;
  };
  const each = (root, selector, work) => {
    if (root.matches?.(selector)) work(root);
    root.querySelectorAll(selector).forEach(work);
  };

  /* ---- typing to find in a list ---- */
  let lists = 0;
  const combobox = (input, look, choose) => {
    const id = `suggestions-${++lists}`;
    const list = make("ul", { id, class: "suggestions", role: "listbox", hidden: "" });
    const said = make("span", { class: "sr", role: "status" });
    list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() || "");
    input.after(list, said);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": id, "aria-expanded": "false", "aria-autocomplete": "list", autocomplete: "off" })) input.setAttribute(name, value);
    let found = [], lit = -1, turn = 0;
    const close = () => { list.hidden = true; lit = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const light = (place) => {
      lit = place;
      [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === lit)));
      const row = list.children[lit];
      if (row) { input.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
    };
    const take = (place) => { if (found[place]) { choose(found[place]); close(); } };
    const show = async () => {
      const mine = ++turn;
      const answer = await look(input.value);
      if (mine !== turn || document.activeElement !== input) return;
      found = answer;
      list.replaceChildren(...found.map((option, at) => {
        const row = make("li", { id: `${id}-${at}`, role: "option", "aria-selected": "false" }, option.label);
        if (option.note) row.append(make("small", {}, option.note));
        row.addEventListener("mousedown", (event) => { event.preventDefault(); take(at); });
        return row;
      }));
      if (!found.length) list.append(make("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, words.none));
      said.textContent = found.length ? words.found(found.length) : words.none;
      list.hidden = false; lit = -1;
      input.setAttribute("aria-expanded", "true");
    };
    let wait;
    input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 150); });
    input.addEventListener("blur", close);
    input.addEventListener("click", show);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) show(); else if (found.length) light((lit + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
      } else if (event.key === "Enter" && !list.hidden && lit >= 0) { event.preventDefault(); take(lit); }
      else if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); close(); }
    });
  };

  const enhanceSelect = (select) => {
    if (select.multiple || select.dataset.ready) return;
    select.dataset.ready = "1";
    const all = [...select.options].map((option) => ({ value: option.value, label: option.text, folded: fold(option.text) }));
    const box = make("span", { class: "search-text" });
    const input = make("input", { type: "text", id: select.id });
    for (const name of ["aria-describedby", "aria-invalid", "autofocus"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    const words_of = () => (select.value ? select.selectedOptions[0].text : "");
    input.value = words_of();
    select.id += "-list"; select.hidden = true;
    select.before(box); box.append(input);
    if (document.activeElement === document.body && input.hasAttribute("autofocus")) input.focus();
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => {
      if (!input.value.trim() && [...select.options].some((option) => !option.value)) select.value = "";
      input.value = words_of();
    });
    combobox(input, (text) => {
      const asked = input.value === words_of() ? "" : fold(text);
      return all.filter((option) => option.value && asked.split(" ").every((word) => option.folded.includes(word))).slice(0, 50);
    }, (option) => { select.value = option.value; input.value = option.label; select.dispatchEvent(new Event("change", { bubbles: true })); });
  };

  const enhanceText = (input) => {
    if (input.dataset.ready || !input.dataset.optionsUrl) return;
    input.dataset.ready = "1";
    const key = input.parentElement.querySelector("input[type=hidden]");
    input.addEventListener("input", () => { if (key) key.value = ""; });
    combobox(input, async (text) => {
      if (!text.trim()) return [];
      const url = new URL(input.dataset.optionsUrl, location.href);
      url.searchParams.set("q", text);
      try {
        const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        return answer.ok ? (await answer.json()).options : [];
      } catch { notice(words.offline); return []; }
    }, (option) => { input.value = option.label; if (key) key.value = option.value; input.dispatchEvent(new Event("change", { bubbles: true })); });
    // Whoever typed before this was ready is answered all the same.
    if (document.activeElement === input && input.value !== input.defaultValue) input.dispatchEvent(new Event("input"));
  };

  /* ---- what is found on a page, and on every piece that htmx brings ---- */
  const prepare = (root) => {
    each(root, "select[data-search-select]", enhanceSelect);
    each(root, "input[data-search-text]", enhanceText);
    each(root, "[data-copy]", (button) => { button.hidden = !navigator.clipboard; });
    each(root, "[data-scroll]", (box) => { if (box.scrollWidth > box.clientWidth) { box.tabIndex = 0; box.setAttribute("role", "region"); } });
  };
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));

  /* ---- keys and clicks ---- */
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.querySelector("[data-slash]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.addEventListener("click", async (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const button = event.target.closest("[data-copy]");
    if (button) {
      await navigator.clipboard.writeText(button.dataset.copy);
      const word = button.querySelector("span"), before = word.textContent;
      word.textContent = button.dataset.copied;
      setTimeout(() => { word.textContent = before; }, 2000);
    }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-autosubmit]") && event.target.matches("select, [type=checkbox], [type=radio], [type=search]")) form.requestSubmit();
  });

  /* ---- leaving a form that was not sent ---- */
  const unsaved = new Set();
  document.addEventListener("input", (event) => { if (event.target.form?.matches("[data-warn-unsaved]")) unsaved.add(event.target.form); });
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  window.addEventListener("beforeunload", (event) => { if ([...unsaved].some((form) => form.isConnected)) event.preventDefault(); });

  /* ---- a proposal and the sentence that proves it ---- */
  const show = (event, on) => {
    const from = event.target.closest?.("[data-shows]");
    if (!from) return;
    document.querySelectorAll(".sentence.is-lit").forEach((node) => node.classList.remove("is-lit"));
    if (!on) return;
    from.dataset.shows.split(" ").forEach((name, place) => {
      const sentence = document.querySelector(`[data-sentence="${CSS.escape(name)}"]`);
      sentence?.classList.add("is-lit");
      const pane = sentence?.closest(".pane");
      if (place === 0 && pane && pane.scrollHeight > pane.clientHeight + 1) {
        const far = sentence.getBoundingClientRect().top - pane.getBoundingClientRect().top;
        if (far < 0 || far > pane.clientHeight - 60) pane.scrollTop += far - pane.clientHeight / 3;
      }
    });
  };
  document.addEventListener("focusin", (event) => show(event, true));
  document.addEventListener("mouseover", (event) => show(event, true));
  document.addEventListener("mouseout", (event) => show(event, false));

  /* ---- a form is sent once, however often its button is pressed while the answer is awaited ---- */
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), 4_000);
  });

  /* ---- htmx: say it when something went wrong ---- */
  const notice = (text) => {
    const place = document.getElementById("notices");
    if (!place) return;
    const box = make("div", { class: "alert late", role: "alert" });
    const body = make("div"); body.append(make("p", {}, text)); box.append(body);
    place.replaceChildren(box);
    place.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    if (answer.status === 422 || (answer.status >= 400 && answer.getResponseHeader("HX-Retarget"))) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target.setAttribute("aria-busy", "true");
    if (event.target.matches(".filters")) event.target.querySelector(".chips")?.remove();
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  document.addEventListener("htmx:responseError", () => notice(words.failed));
  document.addEventListener("htmx:sendError", () => notice(words.offline));
})();

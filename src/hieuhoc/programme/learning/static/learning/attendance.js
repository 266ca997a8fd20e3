/* The page of one session: a tap is kept in the outbox at once and shown; what the house answers is shown when it comes. */
(() => {
  "use strict";
  const outbox = window.AttendanceOutbox;
  if (!outbox) return;
  const { root, word } = outbox;
  const session = Number(root.dataset.attendance), title = root.dataset.title;
  const rows = root.querySelector("[data-rows]"), rowTemplate = root.querySelector("[data-row-template]");
  const panel = root.querySelector("[data-outbox]"), undoButton = root.querySelector("[data-undo]");
  const done = [];

  const rowOf = (about) => rows.querySelector(`[data-learner="${CSS.escape(about)}"]`);
  const nameOf = (row) => row.querySelector("[data-name]").textContent;
  const labelOf = (row, mark) => row.querySelector(`input[value="${mark}"] + span`)?.textContent || "";
  const showMark = (row, mark) => {
    row.dataset.mark = mark;
    row.querySelectorAll("input[type=radio]").forEach((input) => { input.checked = input.value === mark; });
  };
  const count = () => {
    const all = [...rows.children], heads = [...root.querySelectorAll("[data-group] input[inputmode]")];
    const counts = { none: all.filter((row) => !row.dataset.mark).length, heads: heads.reduce((sum, input) => sum + (Number(input.value) || 0), 0) };
    for (const mark of ["present", "late", "absent"]) counts[mark] = all.filter((row) => row.dataset.mark === mark).length;
    for (const [key, number] of Object.entries(counts)) root.querySelector(`[data-count="${key}"]`).textContent = number.toLocaleString("vi-VN");
    root.querySelector("[data-empty]").hidden = all.length > 0;
  };
  const addRow = (about, name, year) => {
    const row = rowTemplate.content.firstElementChild.cloneNode(true);
    row.dataset.learner = about;
    row.querySelector("[data-name]").textContent = name;
    row.querySelector("[data-year]").textContent = year || "";
    row.querySelectorAll("input[type=radio]").forEach((input) => { input.name = `mark-${about}`; });
    row.querySelectorAll("input[type=hidden]").forEach((input) => { input.name = `was-${about}`; });
    rows.append(row);
    return row;
  };

  /* What is being tapped is not to be painted over by what was read a moment before: a row or group is left alone while
     its tap is on the way to the store, and by a reading that began before the tap. */
  const touches = new Map();
  let touched = 0;
  const touch = async (place, work) => {
    const mine = touches.get(place) || { at: 0, busy: 0 };
    touches.set(place, mine);
    mine.at = ++touched;
    mine.busy += 1;
    try { return await work; } finally { mine.busy -= 1; }
  };
  const isTouched = (place, since) => { const mine = touches.get(place); return Boolean(mine && (mine.busy || mine.at > since)); };

  /* ---- what was tapped ---- */
  const keep = async (item) => {
    try {
      const kept = await outbox.add({ session, title, ...item });
      outbox.tell({ session });
      navigator.storage?.persist?.();
      outbox.send();
      return kept;
    } catch { outbox.unsafe(); return null; }
  };
  const setMark = (row, mark, { isUndo = false } = {}) => {
    const from = row.dataset.mark;
    if (mark === from) return;
    if (!isUndo) { done.push({ about: row.dataset.learner, from }); undoButton.hidden = false; }
    showMark(row, mark);
    row.classList.add("is-unsent");
    count();
    const about = row.dataset.learner, isWalkIn = about.startsWith("new-");
    touch(row, keep({
      kind: "mark", about, enrolment: isWalkIn ? null : Number(about), of: isWalkIn ? about.slice(4) : null,
      mark, value: mark, from, seen: Number(row.dataset.edition), label: nameOf(row), markLabel: labelOf(row, mark),
    }));
  };
  let pressed = null;
  rows.addEventListener("pointerdown", (event) => {
    const input = event.target.closest("label")?.querySelector("input[type=radio]");
    pressed = input?.checked ? input : null;
  });
  rows.addEventListener("click", (event) => {
    // A second tap on the same mark takes it back.
    if (event.target.matches("input[type=radio]") && event.target === pressed) {
      pressed = null;
      setMark(event.target.closest(".learner"), "");
    }
  });
  rows.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio]")) { pressed = null; setMark(event.target.closest(".learner"), event.target.value); }
  });
  undoButton.addEventListener("click", () => {
    const last = done.pop();
    undoButton.hidden = !done.length;
    const row = last && rowOf(last.about);
    if (row) { setMark(row, last.from, { isUndo: true }); row.scrollIntoView({ block: "nearest" }); }
  });
  root.querySelector("form[data-roll]").addEventListener("submit", (event) => event.preventDefault());
  root.querySelector("[data-find]")?.addEventListener("input", (event) => {
    const fold = (text) => text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(/\p{M}/gu, "");
    const asked = fold(event.target.value.trim());
    [...rows.children].forEach((row) => { row.hidden = !fold(nameOf(row)).includes(asked); });
  });

  /* ---- who is not in the list ---- */
  root.querySelector("form[data-walk-in]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target, name = form.elements.name.value.trim(), year = form.elements.birth_year.value.trim();
    // What the house would refuse is said now: when it is sent, whoever it is may have gone home.
    const wrong = /\d/.test(name) || (name.match(/\p{L}/gu) || []).length < 2 ? "name" : year && !/^(19|20)\d\d$/.test(year) ? "birth_year" : "";
    if (wrong) {
      const field = form.elements[wrong];
      field.setCustomValidity(word(`bad-${wrong}`));
      field.reportValidity();
      field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
      return;
    }
    const about = `walk-in-${name}-${year}`;
    const kept = await keep({ kind: "walk_in", about, name, birth_year: year ? Number(year) : null, sex: form.elements.sex.value, mark: "present", value: "present", from: "" });
    if (!kept) return;
    form.reset();
    await overlay();
    rowOf(`new-${kept.key}`)?.scrollIntoView({ block: "nearest" });
  });

  /* ---- heads without names ---- */
  const setHeads = (group, number) => {
    const input = group.querySelector("input[inputmode]"), from = Number(input.dataset.kept ?? input.defaultValue) || 0;
    input.value = number;
    input.dataset.kept = number;
    count();
    if (number === from) return;
    const [sex, band] = group.dataset.group.split("_");
    touch(group, keep({ kind: "heads", about: `heads-${group.dataset.group}`, sex, age_band: band, count: number, value: number, from, seen: Number(group.dataset.edition), name: group.querySelector("label").textContent }));
  };
  root.querySelector("form[data-heads]").addEventListener("submit", (event) => event.preventDefault());
  root.querySelectorAll("[data-group]").forEach((group) => {
    const input = group.querySelector("input[inputmode]");
    const number = () => Math.min(5000, Math.max(0, Number.parseInt(input.value, 10) || 0));
    input.addEventListener("change", () => setHeads(group, number()));
    group.addEventListener("click", (event) => {
      const step = Number(event.target.closest("[data-step]")?.dataset.step || 0);
      if (step) setHeads(group, Math.max(0, number() + step));
    });
  });

  /* ---- what stands: the page as it was made, what the house has said since, and on top what is unsent ---- */
  let known = null, clashes = new Set([...root.querySelectorAll("#clashes form")].map((form) => form.getAttribute("action")));
  const apply = (state) => {
    if (!state || (known && known.at >= state.at)) return;
    known = state;
    const there = new Set();
    for (const one of state.learners) {
      const about = String(one.id), row = rowOf(about) || addRow(about, one.name, one.year);
      there.add(about);
      row.dataset.stands = one.mark;
      row.dataset.standsEdition = one.edition;
    }
    [...rows.children].forEach((row) => { if (!row.dataset.learner.startsWith("new-") && !there.has(row.dataset.learner)) row.remove(); });
    for (const one of state.heads) {
      const group = root.querySelector(`[data-group="${CSS.escape(one.key)}"]`);
      if (group) { group.dataset.stands = one.count; group.dataset.standsEdition = one.edition; }
    }
    if (state.clashes.length !== clashes.size || state.clashes.some((key) => ![...clashes].some((action) => action.includes(key)))) showClashes();
  };
  const overlay = async () => {
    const since = touched;
    const items = (await outbox.all().catch(() => [])).filter((one) => one.session === session && one.user === outbox.me);
    const pending = new Map(items.map((one) => [one.kind === "walk_in" ? `new-${one.key}` : one.about, one]));
    [...rows.children].forEach((row) => {
      if (isTouched(row, since)) return;
      const item = pending.get(row.dataset.learner);
      row.classList.toggle("is-unsent", Boolean(item));
      if (!item && row.dataset.learner.startsWith("new-")) { row.remove(); return; }
      if (item?.kind === "mark" && item.state !== "refused") showMark(row, item.mark);
      else if (row.dataset.stands !== undefined) { showMark(row, row.dataset.stands); row.dataset.edition = row.dataset.standsEdition; }
    });
    for (const item of items) {
      if (item.kind !== "walk_in") continue;
      const about = `new-${item.key}`, row = rowOf(about) || addRow(about, item.name, item.birth_year);
      if (isTouched(row, since)) continue;
      row.classList.add("is-unsent");
      const later = items.filter((one) => one.of === item.key).at(-1);
      showMark(row, later ? later.mark : item.mark);
    }
    root.querySelectorAll("[data-group]").forEach((group) => {
      if (isTouched(group, since)) return;
      const item = pending.get(`heads-${group.dataset.group}`), input = group.querySelector("input[inputmode]");
      if (document.activeElement === input && input.value !== (input.dataset.kept ?? input.defaultValue)) return;
      if (item && item.state !== "refused") { input.value = item.count; input.dataset.kept = item.count; }
      else if (group.dataset.stands !== undefined) {
        input.value = group.dataset.stands; input.dataset.kept = group.dataset.stands; group.dataset.edition = group.dataset.standsEdition;
      }
    });
    count();
  };
  const showClashes = async () => {
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html"), found = page.getElementById("clashes");
      if (!found) return;
      root.querySelector("#clashes").replaceWith(document.adoptNode(found));
      clashes = new Set([...root.querySelectorAll("#clashes form")].map((form) => form.getAttribute("action")));
    } catch { /* no signal: they are shown when there is some */ }
  };
  outbox.news.addEventListener("changed", (event) => {
    const { session: about, state } = event.detail || {};
    if (about !== session) return;
    apply(state);
    overlay();
  });

  /* ---- carrying ---- */
  const keepBox = panel.querySelector("[data-keep]"), keptLine = panel.querySelector("[data-kept]");
  const sayKept = async () => {
    const isKept = await outbox.isCarried(session);
    panel.dataset.carried = String(isKept);
    keptLine.textContent = !outbox.canCarry ? word("no-worker") : word(isKept ? "kept" : "not-kept", { days: root.dataset.keptDays });
    keepBox.closest("label").hidden = !outbox.canCarry;
  };
  keepBox.addEventListener("change", async () => {
    try { await (keepBox.checked ? outbox.carry(session) : outbox.leave(session, false)); } catch { /* no signal */ }
    sayKept();
  });
  const begin = async () => {
    const kept = await outbox.sessionOf(session).catch(() => undefined);
    const isFromCarried = kept?.state && kept.state.at > Number(root.dataset.madeAt);
    if (isFromCarried) apply(kept.state);
    await overlay();
    keepBox.checked = kept?.keep !== false;
    outbox.show();
    await outbox.clean().catch(() => {});
    if (outbox.canCarry && keepBox.checked) await outbox.carry(session).catch(() => {});
    if (outbox.canCarry && !keepBox.checked) await outbox.leave(session, false).catch(() => {});
    await sayKept();
    outbox.send(session);
  };
  begin();
})();

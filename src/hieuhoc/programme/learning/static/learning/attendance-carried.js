/* The list of sessions: which of them this browser carries, and what is unsent. */
(() => {
  "use strict";
  const outbox = window.AttendanceOutbox;
  if (!outbox) return;
  const { root, word, node } = outbox;
  const panel = root.querySelector("[data-outbox]");
  panel.querySelector("[data-kept]").textContent = outbox.canCarry ? word("kept-index", { days: root.dataset.keptDays }) : word("no-worker");
  const button = (text, variant, work) => {
    const made = node("button", text, { type: "button", class: `btn ${variant}` });
    made.addEventListener("click", async () => {
      made.disabled = true;
      try { await work(); } catch { outbox.send(); }
      show();
    });
    return made;
  };
  const show = async () => {
    const items = await outbox.all().catch(() => []);
    for (const row of root.querySelectorAll("[data-session]")) {
      const session = Number(row.dataset.session), place = row.querySelector("[data-carry]"), parts = [];
      const unsent = items.filter((one) => one.session === session).length;
      if (unsent) parts.push(node("span", word("waiting", { n: unsent }), { class: "soft" }));
      if (!outbox.canCarry) { place.replaceChildren(...parts); continue; }
      if (await outbox.isCarried(session)) {
        parts.push(node("span", word("carried"), { class: "soft" }));
        if (!unsent) parts.push(button(word("leave"), "quiet", () => outbox.leave(session)));
      } else parts.push(button(word("carry"), "plain", () => outbox.carry(session)));
      place.replaceChildren(...parts);
    }
  };
  outbox.news.addEventListener("changed", show);
  outbox.clean().catch(() => {}).then(async () => {
    outbox.show(); show(); outbox.send();
    if (outbox.canCarry) await outbox.carryPage(root.dataset.scope).catch(() => {}); // this list opens without signal too
  });
})();

/* The outbox of attendance: what was marked on this device and has not been answered by the house yet.

   Every item bears a key made here. It is written to this browser's own store before it is shown as marked, is sent in
   the order in which it was made, and leaves the store only when the house has answered its key. A lost answer, a
   closed browser or a killed server costs nothing: the item is sent again under the same key, which the house takes once.
   Items are never sent under another person's name than that of whoever marked them. */
window.AttendanceOutbox = (() => {
  "use strict";
  const root = document.querySelector("[data-attendance], [data-sessions]");
  if (!root) return null;
  const me = Number(root.dataset.user);
  const MOST = 200, LONGEST_WAIT = 60_000, PATIENCE = 20_000;

  /* ---- words, written in the page so that they are translated there ---- */
  const template = root.querySelector("[data-words]").content;
  const word = (name, values = {}) => {
    const text = template.querySelector(`[data-word="${name}"]`).textContent;
    return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
  };
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  /* ---- the store: IndexedDB, two tables ---- */
  let opened = null;
  const open = () => opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("hieuhoc-attendance", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      asked.result.createObjectStore("sessions", { keyPath: "session" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => { opened = null; reject(asked.error); };
  });
  /* Runs `work` in one transaction, and answers only when it is on the disk. */
  const within = async (mode, work) => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(["outbox", "sessions"], mode, { durability: "strict" });
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore("outbox"), transaction.objectStore("sessions"), (found) => { result = found; });
    });
  };
  const all = () => within("readonly", (outbox, _sessions, answer) => { outbox.getAll().onsuccess = (event) => answer(event.target.result); });
  const sessions = () => within("readonly", (_outbox, rows, answer) => { rows.getAll().onsuccess = (event) => answer(event.target.result); });
  const sessionOf = (pk) => within("readonly", (_outbox, rows, answer) => { rows.get(pk).onsuccess = (event) => answer(event.target.result); });
  const noteSession = (pk, change) => within("readwrite", (_outbox, rows) => {
    rows.get(pk).onsuccess = (event) => rows.put({ session: pk, keep: true, ...event.target.result, ...change });
  });

  /* Puts an item in the outbox. One about the same thing that was never tried is replaced: nobody has seen it yet; and
     one that says again what stood before goes away. `seen` and `from` stay those of the first. */
  const add = (item) => within("readwrite", (outbox, _sessions, answer) => {
    outbox.getAll().onsuccess = (event) => {
      const last = event.target.result.filter((one) => one.session === item.session && one.user === me && one.about === item.about).at(-1);
      const fresh = { ...item, user: me, userName: root.dataset.userName, key: uuid(), at: new Date().toISOString(), tried: false, state: "waiting" };
      if (last && !last.tried && last.kind === item.kind) {
        outbox.delete(last.seq);
        if (item.value === last.from) { answer(null); return; }
        fresh.seen = last.seen; fresh.from = last.from;
      }
      outbox.add(fresh);
      answer(fresh);
    };
  });
  const drop = (seq) => within("readwrite", (outbox) => outbox.delete(seq));
  const again = (item) => within("readwrite", (outbox) => {
    outbox.delete(item.seq);
    const { seq, why, ...rest } = item;
    outbox.add({ ...rest, key: uuid(), state: "waiting", tried: false });
  });

  /* ---- telling the pages ---- */
  const news = new EventTarget();
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("hieuhoc-attendance") : null;
  if (channel) channel.onmessage = (event) => news.dispatchEvent(new CustomEvent("changed", { detail: event.data }));
  const tell = (detail = {}) => {
    news.dispatchEvent(new CustomEvent("changed", { detail }));
    channel?.postMessage(detail);
  };

  /* ---- sending ---- */
  let status = "clear", sentence = "", wait = 2_000, timer = 0, running = null, asked = false, token = "";
  const waiting = (items) => items.filter((one) => one.state === "waiting" && one.user === me);
  const say = (name, why = "") => { status = name; sentence = why; tell(); };
  const ask = async (address, options = {}) => fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...options });

  const signedIn = async () => {
    const answer = await ask(root.dataset.sync, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    token = told.csrf;
    return told.user;
  };
  const post = (session, items) => ask(root.dataset.sync, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ session, user: me, items }),
  });
  const plain = ({ key, kind, enrolment, of, mark, name, birth_year, sex, age_band, count, seen, at }) => ({ key, kind, enrolment, of, mark, name, birth_year, sex, age_band, count, seen, at });

  /* The house has answered: in one transaction what it took leaves the outbox, what it refused says why, and the state
     of the session is kept, so that a page opened without signal shows it. */
  const answered = (session, told) => within("readwrite", (outbox, rows) => {
    const outcomes = new Map(told.outcomes.map((one) => [one.key, one]));
    outbox.getAll().onsuccess = (event) => event.target.result.forEach((item) => {
      const outcome = outcomes.get(item.key);
      if (!outcome) return;
      if (outcome.outcome === "refused") outbox.put({ ...item, state: "refused", why: outcome.why });
      else outbox.delete(item.seq);
    });
    rows.get(session).onsuccess = (event) => rows.put({ session, keep: true, ...event.target.result, user: me, state: told.state });
  });

  /* Those of the items that still wait, marked as tried: what was taken back since they were read is not sent. */
  const claimed = (items) => within("readwrite", (outbox, _sessions, answer) => {
    const keys = new Set(items.map((item) => item.key));
    outbox.getAll().onsuccess = (event) => {
      const still = event.target.result.filter((item) => keys.has(item.key) && item.state === "waiting");
      still.forEach((item) => outbox.put({ ...item, tried: true }));
      answer(still);
    };
  });
  const sendOne = async (session, read) => {
    const items = await claimed(read);
    if (read.length && !items.length) return "";
    let answer = await post(session, items.map(plain));
    if (answer.status === 403 && !(answer.headers.get("Content-Type") || "").includes("json")) {
      await signedIn(); // the token was of an older sign-in
      answer = await post(session, items.map(plain));
    }
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    if (answer.ok && isJson) {
      const told = await answer.json();
      await answered(session, told);
      tell({ session, state: told.state });
      return "";
    }
    if (answer.status === 401) return "signed-out";
    if (isJson && [403, 404, 409, 422].includes(answer.status)) { sentence = (await answer.json()).sentence || ""; return "refused-all"; }
    throw new Error(String(answer.status));
  };

  const run = async (refresh) => {
    let items = waiting(await all());
    if (!items.length && !refresh) { say("clear"); return; }
    if (items.length) say("sending");
    const user = await signedIn();
    if (user === null) { say(items.length ? "signed-out" : "clear"); return; }
    if (user !== me) { say("other-user"); return; }
    let trouble = "";
    const order = [...new Set(items.map((one) => one.session))];
    if (refresh && !order.includes(refresh)) order.push(refresh);
    for (const session of order) {
      const mine = items.filter((one) => one.session === session);
      for (let start = 0; start === 0 || start < mine.length; start += MOST) {
        const found = await sendOne(session, mine.slice(start, start + MOST));
        if (found === "signed-out") { say(found); return; }
        if (found) { trouble = found; break; }
      }
    }
    const left = waiting(await all());
    wait = 2_000;
    if (trouble && left.length) say(trouble, sentence);
    else say("clear");
    if (!trouble && left.length) asked = true; // marked while this was being sent
  };

  const locked = (work) => (navigator.locks ? navigator.locks.request("hieuhoc-attendance-sending", work) : work());
  /* Sends what waits; one sending at a time, in all windows of this browser. */
  const send = (refresh = 0) => {
    clearTimeout(timer);
    if (running) { asked = asked || refresh || true; return running; }
    running = locked(() => run(refresh)).catch(async () => {
      const left = await all().then(waiting, () => []);
      say(navigator.onLine === false ? "offline" : "failed");
      if (left.length || navigator.onLine === false) timer = setTimeout(() => send(), wait + Math.random() * 1_000);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }).finally(() => {
      running = null;
      if (asked) { const what = asked; asked = false; send(what === true ? 0 : what); }
    });
    return running;
  };
  addEventListener("online", () => { wait = 2_000; send(); });
  addEventListener("offline", () => say("offline"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { wait = 2_000; send(Number(root.dataset.attendance) || 0); } });

  /* ---- what of others' data lies in this browser, and for how long ---- */
  const PAGES = "hieuhoc-attendance-pages", ASSETS = "hieuhoc-attendance-assets";
  const canCarry = "serviceWorker" in navigator && "caches" in window;
  const addressOf = (pk) => `${root.dataset.scope}${pk}/attendance/`;
  const store = async (name, addresses) => {
    const cache = await caches.open(name);
    await Promise.all(addresses.map(async (address) => { if (!(await cache.match(address))) await cache.add(address); }));
  };
  /* Keeps a page, and all that it needs, for when there is no signal. */
  const carryPage = async (path) => {
    await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
    const cache = await caches.open(PAGES);
    let page = document;
    // The worker renews a page that is carried whenever it is opened: then only what it needs may be missing.
    if (!(navigator.serviceWorker.controller && path === location.pathname && (await cache.match(path)))) {
      const answer = await ask(path, { headers: { Accept: "text/html" } });
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("html")) throw new Error(String(answer.status));
      page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
      await cache.put(path, answer);
    }
    const needed = [...page.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.getAttribute("href") || one.getAttribute("src"));
    await store(ASSETS, needed.map((address) => new URL(address, location.href).href));
    await navigator.serviceWorker.ready;
    return page;
  };
  const carry = async (pk) => {
    const page = await carryPage(addressOf(pk));
    await noteSession(pk, { user: me, carriedAt: Date.now(), keep: true, title: page.querySelector("[data-attendance]")?.dataset.title || "" });
    tell();
  };
  const isCarried = async (pk) => canCarry && Boolean(await (await caches.open(PAGES)).match(addressOf(pk)));
  /* Takes a session's list out of this browser; what is unsent stays. */
  const leave = async (pk, keep) => {
    if (canCarry) await (await caches.open(PAGES)).delete(addressOf(pk));
    await within("readwrite", (_outbox, rows) => {
      rows.delete(pk);
      if (keep !== undefined) rows.put({ session: pk, keep, user: me });
    });
    tell();
  };
  /* What nobody has opened for some days, and what another person carried, leaves once nothing of it is unsent. */
  const clean = async () => {
    const busy = new Set((await all()).map((one) => one.session));
    const oldest = Date.now() - Number(root.dataset.keptDays) * 86_400_000;
    for (const one of await sessions()) {
      const isOld = one.keep !== false && (one.carriedAt || one.state?.at || 0) < oldest;
      if (!busy.has(one.session) && (isOld || (one.user && one.user !== me))) await leave(one.session);
    }
    if (canCarry && !(await (await caches.open(PAGES)).keys()).length) await caches.delete(ASSETS);
  };

  /* ---- the panel ---- */
  const panel = root.querySelector("[data-outbox]");
  const node = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    return made;
  };
  const described = (item) => {
    const what = item.kind === "heads" ? word("heads", { group: item.name, mark: item.count })
      : item.kind === "walk_in" ? word("walk-in", { name: item.name })
        : word(item.mark ? "marked" : "unmarked", { name: item.label, mark: item.markLabel });
    return `${what} ${item.title}`;
  };
  let isUnsafe = false;
  const show = async () => {
    const items = await all().catch(() => { isUnsafe = true; return []; });
    const mine = waiting(items), others = items.filter((one) => one.user !== me), n = mine.length;
    const line = root.querySelector("[data-status]");
    const name = status === "offline" && !n ? "offline-none" : status === "clear" ? (n ? "waiting" : "clear") : status;
    line.textContent = isUnsafe ? word("unsafe") : `${word(name, { n, name: root.dataset.userName })}${sentence ? ` ${sentence}` : ""}`;
    if (status === "signed-out" || status === "other-user") {
      line.append(" ", node("a", word("sign-in"), { href: `${root.dataset.signIn}?next=${encodeURIComponent(location.pathname)}` }));
    }
    const byName = Map.groupBy ? Map.groupBy(others, (one) => one.userName) : others.reduce((found, one) => found.set(one.userName, [...(found.get(one.userName) || []), one]), new Map());
    byName.forEach((found, whose) => line.append(" ", word("others", { n: found.length, name: whose })));
    root.classList.toggle("is-late", isUnsafe || ["failed", "signed-out", "other-user", "refused-all"].includes(status));
    panel.dataset.unsent = n;
    panel.dataset.state = status;
    root.querySelector("[data-send]").hidden = !n;
    const list = panel.querySelector("[data-list]"), rows = items.filter((one) => one.user === me);
    list.hidden = !rows.length;
    list.querySelector("summary").textContent = word("list", { n: rows.length });
    list.querySelector("ul").replaceChildren(...rows.map((item) => {
      const row = node("li", "");
      row.append(node("span", described(item)));
      if (item.state === "refused") {
        row.append(node("span", word("refused", { why: item.why }), { class: "late" }));
        const retry = node("button", word("again"), { type: "button", class: "btn plain" });
        const forget = node("button", word("drop"), { type: "button", class: "btn quiet" });
        retry.addEventListener("click", async () => { await again(item); tell(); send(); });
        forget.addEventListener("click", async () => { await drop(item.seq); tell({ session: item.session, dropped: true }); });
        row.append(retry, forget);
        list.open = true;
      }
      return row;
    }));
  };
  news.addEventListener("changed", show);
  root.querySelector("[data-send]").addEventListener("click", () => { wait = 2_000; send(); });
  panel.querySelector("[data-download]").addEventListener("click", async () => {
    const items = (await all()).map(({ tried, ...item }) => item);
    const file = new Blob([JSON.stringify({ from: location.origin, written: new Date().toISOString(), items }, null, 1)], { type: "application/json" });
    const link = node("a", "", { href: URL.createObjectURL(file), download: `${word("file")}-${new Date().toISOString().slice(0, 16).replace(/\D/g, "")}.json` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });

  return { add, all, again, carry, carryPage, canCarry, clean, isCarried, leave, me, news, root, send, sessionOf, noteSession, show, tell, word, node, unsafe: () => { isUnsafe = true; show(); } };
})();

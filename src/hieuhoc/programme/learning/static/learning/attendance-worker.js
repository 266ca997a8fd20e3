/* Opens the carried pages of attendance when there is no signal. What is carried, and for how long, the pages decide:
   this worker renews what they carry when there is signal, and answers from it when there is none. */
"use strict";
const PAGES = "hieuhoc-attendance-pages", ASSETS = "hieuhoc-attendance-assets";
const PATIENCE = 4_000; // a weak signal may take for ever: what is carried is shown then
const PAGE = /\/learning\/sessions\/(\d+\/attendance\/)?$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const page = async (event, path) => {
  const cache = await caches.open(PAGES), carried = await cache.match(path);
  const fresh = fetch(event.request).then(async (answer) => {
    if (carried && answer.ok && answer.type === "basic" && !answer.redirected) await cache.put(path, answer.clone());
    if (carried && [403, 404].includes(answer.status)) await cache.delete(path); // not this person's any more
    return answer;
  });
  if (!carried) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, null); });
  const answer = await Promise.race([fresh.catch(() => null), late]);
  return answer && answer.status < 500 ? answer : carried.clone();
};

const asset = async (event) => {
  const cache = await caches.open(ASSETS), carried = await cache.match(event.request);
  const fresh = fetch(event.request).then(async (answer) => {
    if (carried && answer.ok) await cache.put(event.request, answer.clone());
    return answer;
  });
  if (!carried) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return carried;
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(page(event, url.pathname));
  else if (request.mode !== "navigate" && ["script", "style", "image"].includes(request.destination)) event.respondWith(asset(event));
});

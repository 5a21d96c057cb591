/*
 * Keeps the app's own files, whose names carry a hash of their content, and a page that says that there is no connection.
 * Never an answer of the API, and never the page itself: whoever loads it gets the newest version.
 */
const CACHE = "regulars-shell-__VERSION__";
const SHELL = __SHELL__;
const OFFLINE = "/offline.html";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)));
});

self.addEventListener("activate", (event) => {
  const former = (name) => name.startsWith("regulars-shell-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(former).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// A page that has a newer version waiting says when it may take over.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api"))
    return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(kept(request));
  }
});

/** Named by its content: what is there once stays right. */
async function kept(request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

// Makes the page's calls to other origins itself, and says so in the query.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => {
  const { url } = event.request;
  if (new URL(url).origin === self.location.origin) return;
  event.respondWith(fetch(new Request(`${url}&by=worker`, event.request)));
});

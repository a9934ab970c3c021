// Shows pushed notifications, and opens the deck when one is pressed. It keeps nothing and fetches nothing.
self.addEventListener("push", (e) => {
  let n = {};
  try {
    n = e.data?.json() ?? {};
  } catch {
    // A message that cannot be read still says that something is there.
  }
  const text = (x) => (typeof x === "string" ? x.slice(0, 500) : "");
  e.waitUntil(
    self.registration.showNotification(text(n.title) || "Engawa", {
      body: text(n.body),
      icon: "/deck/icon.svg",
      tag: text(String(n.notification_id ?? "")) || undefined,
      lang: text(n.preferred_locale) || undefined,
    }),
  );
});

self.addEventListener("notificationclick", (e) => {
  e.notification.close();
  e.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((all) => {
      const deck = all.find((c) => new URL(c.url).pathname.startsWith("/deck"));
      return deck ? deck.focus() : self.clients.openWindow("/deck");
    }),
  );
});

/* The service worker: shows what is pushed and opens its page. It keeps no page, picture or word: no fetch is
   answered here, so that what is taken back is gone. OURS stands before: icon, badge, and
   by language the lines of each kind and the way out. */
"use strict";
const RIGHT_TO_LEFT = ["ar"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(pushed(read(event.data))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { path = "/", leave = "/" } = event.notification.data ?? {};
  event.waitUntil(open(event.action === "leave" ? leave : path));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(changed(event)));

function read(data) {
  try {
    const said = data.json();
    return typeof said === "object" && said ? said : {};
  } catch {
    return {};
  }
}

// Each push must show something, or the browser shows words of its own and ends the permission.
async function pushed(said) {
  let path = here(said.url);
  if (said.code) path = (await cameBack(said.code)) ?? path;
  const lang = said.lang in OURS.lines ? said.lang : Object.keys(OURS.lines)[0];
  const isEnd = said.kind === "end";
  await self.registration.showNotification(said.title || "Najda", {
    body: said.body ?? OURS.lines[lang][said.kind] ?? "",
    icon: OURS.icon,
    badge: OURS.badge,
    lang,
    dir: RIGHT_TO_LEFT.includes(lang) ? "rtl" : "ltr",
    // One notification an alert: an update and the end take its place.
    ...(said.tag ? { tag: said.tag, renotify: !isEnd } : {}),
    silent: isEnd,
    requireInteraction: said.kind === "alert" || said.kind === "update",
    // Where the browser shows buttons: the way out, as every message has one.
    actions: said.kind && !said.code ? [{ action: "leave", title: OURS.leave[lang].title }] : [],
    data: { path, leave: OURS.leave[lang].path },
  });
}

async function cameBack(code) {
  try {
    const answer = await fetch("/subscribe/push/", { method: "POST", body: JSON.stringify({ code }) });
    const { next } = await answer.json();
    if (!next) return null;
    for (const page of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) page.postMessage({ next });
    return here(next);
  } catch {
    return null; // the page says that nothing came back
  }
}

// Whatever a push names, only our own pages are opened.
function here(url) {
  try {
    const { pathname, search } = new URL(url ?? "/", self.location.origin);
    return pathname + search;
  } catch {
    return "/";
  }
}

async function open(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = pages.find((page) => here(page.url) === path);
  return same ? same.focus() : self.clients.openWindow(path);
}

async function changed(event) {
  const former = event.oldSubscription;
  const fresh = event.newSubscription
    ?? (former && await self.registration.pushManager.subscribe(former.options));
  if (!former || !fresh) return;
  await fetch("/subscribe/push/", { method: "POST", body: JSON.stringify({ old: former, new: fresh }) });
}

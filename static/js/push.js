/* Notifications in this browser: asked for by the click that sends the form, and proved by a push that comes
   back. Without this script the form's other ways work as they are. */
"use strict";
(() => {
  const POLL_MS = 4000;
  const LATE_MS = 20000;
  const form = document.querySelector("form[data-push-key]");
  const waiting = document.querySelector("[data-push-wait]");
  const can = window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  if (form?.dataset.pushKey) offer();
  if (waiting) wait();

  function offer() {
    const said = form.querySelector("[data-push-said]");
    const address = form.elements.address.closest(".field");
    const isPush = () => form.elements.channel.value === "webpush";
    const say = (why) => {
      said.textContent = why ? said.dataset[why] : "";
      said.hidden = !why;
    };
    const show = () => {
      address.hidden = isPush();
      say(isPush() && !can ? "missing" : "");
    };
    form.querySelector("[data-push-note]")?.remove();
    form.addEventListener("change", (event) => event.target.name === "channel" && show());
    show();
    form.addEventListener("submit", async (event) => {
      if (!isPush()) return;
      event.preventDefault();
      if (!can) return say("missing");
      const button = form.querySelector("[type=submit]");
      button.disabled = true;
      try {
        if (await Notification.requestPermission() !== "granted") return say("denied");
        form.elements.push.value = JSON.stringify(await subscribed());
        form.submit();
      } catch {
        say("failed");
      } finally {
        button.disabled = false;
      }
    });
  }

  async function subscribed() {
    await navigator.serviceWorker.register("/sw.js");
    const { pushManager } = await navigator.serviceWorker.ready;
    const wish = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushKey) };
    try {
      return await pushManager.subscribe(wish);
    } catch (fault) {
      // Made with another key of ours, which no longer counts.
      const former = await pushManager.getSubscription();
      if (!former) throw fault;
      await former.unsubscribe();
      return pushManager.subscribe(wish);
    }
  }

  function bytes(base64url) {
    const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function wait() {
    navigator.serviceWorker?.addEventListener("message", ({ data }) => {
      if (typeof data?.next === "string" && data.next.startsWith("/")) location.assign(data.next);
    });
    navigator.serviceWorker?.startMessages?.();
    const since = Date.now();
    const timer = setInterval(async () => {
      const late = Date.now() - since > LATE_MS;
      waiting.querySelector("[data-push-late]").hidden = !late;
      if (late) clearInterval(timer);
      try {
        // The page itself leads on once the push came back to the server.
        const answer = await fetch(location.href, { redirect: "manual" });
        if (answer.type === "opaqueredirect") location.reload();
      } catch { /* offline for a moment: the button looks again */ }
    }, POLL_MS);
  }
})();

/* Replace #live by its newer self every few seconds. Without script the page reloads by itself. */
"use strict";
(() => {
  const poll = async () => {
    const live = document.getElementById("live");
    const seconds = Number(live?.dataset.poll);
    if (!seconds) return;
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { "X-Poll": "1" }, redirect: "error" });
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const newer = page.getElementById("live");
          if (newer) live.replaceWith(newer);
        }
      } catch { /* the net is away for a moment: the next turn tries again */ }
    }
    setTimeout(poll, seconds * 1000);
  };
  setTimeout(poll, 3000);
})();

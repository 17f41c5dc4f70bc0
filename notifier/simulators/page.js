// Renews what the public has, and leaves open what is open. Without it the page reloads itself.
(() => {
  const every = 2000;
  const renew = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["seen", "people"]) replace(document.getElementById(id), fresh.getElementById(id));
    } catch {
      // The simulators are away: what was received stays in sight.
    }
  };
  const replace = (shown, fresh) => {
    if (!shown || !fresh || shown.innerHTML === fresh.innerHTML) return;
    for (const one of shown.querySelectorAll("details[open][id]")) {
      const same = fresh.querySelector(`#${CSS.escape(one.id)}`);
      if (same) same.open = true;
    }
    if (shown.contains(document.activeElement) && document.activeElement.matches("a, summary")) {
      const last = shown.querySelector(".sum");
      const now = fresh.querySelector(".sum");
      if (last && now) last.replaceWith(now);
      return; // somebody is on a link: only the figures change
    }
    shown.replaceChildren(...fresh.childNodes);
  };
  setInterval(renew, every);
})();

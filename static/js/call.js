/* While a call is typed: Enter keeps it, places are offered, and who told the same. Without it the buttons do. */
"use strict";
(() => {
  const form = document.getElementById("call");
  if (!form) return;
  const WAIT_MS = 350;
  const WATCHED = ["last_seen_words", "when", "told_words", "alert", "link"];
  let timer = 0, asked = null;

  const words = form.elements.told_words;
  if (form.dataset.fast) {
    words.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[value=save]"));
    });
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent && event.submitter?.value === "save") event.preventDefault();
      form.dataset.sent = event.submitter?.value === "save" ? "1" : "";
    });
    window.addEventListener("pageshow", () => { form.dataset.sent = ""; });
  }

  document.addEventListener("keydown", (event) => {
    const digit = event.altKey && /^Digit([1-5])$/.exec(event.code);
    const choice = digit && document.querySelectorAll("#alike input")[digit[1] - 1];
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    words.focus();
  });

  const put = (answer) => {
    const page = new DOMParser().parseFromString(answer, "text/html");
    const chosen = document.querySelector("#alike input:checked")?.value;
    for (const id of ["places", "alike"]) {
      const fresh = page.getElementById(id), stale = document.getElementById(id);
      if (fresh && stale) stale.replaceChildren(...fresh.childNodes);
    }
    for (const choice of document.querySelectorAll("#alike input")) choice.checked = choice.value === chosen;
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const told = new FormData();
    for (const name of ["csrfmiddlewaretoken", ...WATCHED]) {
      if (form.elements[name]) told.append(name, form.elements[name].value);
    }
    if (!WATCHED.slice(0, 3).concat("link").some((name) => told.get(name))) return;
    try {
      const answer = await fetch(form.dataset.look, {
        method: "POST", body: told, headers: { "X-Poll": "1" }, signal: asked.signal, redirect: "error",
      });
      if (answer.ok) put(await answer.text());
    } catch { /* the line is down, or more was typed: saving goes its own way */ }
  };

  form.addEventListener("input", (event) => {
    if (!WATCHED.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
})();

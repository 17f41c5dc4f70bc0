/* Send the files of a tip in parts while the rest is typed; go on after a lost line, and after a reload once the
   same file is chosen again. Without this script the form carries them itself. Until the form is sent, this tab
   alone (sessionStorage) knows the tokens of what is on its way. */
"use strict";
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.fetch || !window.AbortController || !Blob.prototype.slice) return;
  const root = form.querySelector(".files");
  const input = form.querySelector("[name=attached]");
  const list = root.querySelector(".file-list");
  const hold = root.querySelector(".hold");
  const says = root.dataset;
  const LEAST = 64 * 1024;
  const QUICK_MS = 2000;
  const SLOW_MS = 10000;
  const PATIENCE_MS = 120000;
  const MEMORY = "tip-files";
  const entries = [];
  let part = 256 * 1024;
  let most = 1024 * 1024;
  let running = false;
  let waiting = null; // the button that sends the form, pressed while files are on their way
  let sendsNow = false;

  const print = (file) => [file.name, file.size, file.lastModified].join("/");

  function recall() {
    try { return JSON.parse(sessionStorage.getItem(MEMORY)) || {}; } catch { return {}; }
  }

  function remember() {
    const kept = {};
    for (const one of entries) {
      if (one.token && !one.handed) kept[one.print] = { token: one.token, name: one.name, size: one.size };
    }
    try {
      if (Object.keys(kept).length) sessionStorage.setItem(MEMORY, JSON.stringify(kept));
      else sessionStorage.removeItem(MEMORY);
    } catch { /* no memory: a reload begins anew */ }
  }

  async function ask(method, headers, body) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(form.dataset.upload, { method, headers, body, signal: stop.signal, credentials: "omit" });
      const told = await answer.json();
      return { status: answer.status, ...told };
    } finally {
      clearTimeout(late);
    }
  }

  const isOpen = (one) => one.file && !one.whole && !one.gone && !one.refused;
  const begin = (one) => ask("POST", {
    "Upload-Length": String(one.size), "Upload-Name": encodeURIComponent(one.name).slice(0, 600), "Content-Type": one.file.type || "application/octet-stream",
  });

  function show(one, word) {
    const percent = Math.floor((one.received / one.size) * 100);
    one.bar.value = percent;
    one.bar.hidden = one.whole || Boolean(one.refused);
    one.said.textContent = one.whole || one.refused || !one.file ? word : `${word} · ${percent} %`;
    one.row.classList.toggle("arrived", Boolean(one.whole));
    one.button.textContent = one.whole || one.refused ? says.remove : says.cancel;
    one.button.setAttribute("aria-label", `${one.button.textContent}: ${one.name}`);
  }

  function draw(one) {
    one.row = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = one.name;
    one.bar = document.createElement("progress");
    one.bar.max = 100;
    one.bar.setAttribute("aria-label", one.name);
    one.said = document.createElement("span");
    one.said.className = "hint";
    one.button = document.createElement("button");
    one.button.type = "button";
    one.button.className = "button";
    one.button.addEventListener("click", () => cancel(one));
    one.row.append(name, one.bar, one.said, one.button);
    list.append(one.row);
  }

  function keep(one) {
    one.whole = true;
    one.received = one.size;
    one.hidden = document.createElement("input");
    Object.assign(one.hidden, { type: "hidden", name: "kept", value: one.token, autocomplete: "off" });
    root.append(one.hidden);
    show(one, says.arrived);
  }

  function cancel(one) {
    one.gone = true;
    one.row.remove();
    one.hidden?.remove();
    entries.splice(entries.indexOf(one), 1);
    if (one.token) ask("DELETE", { "Upload-Token": one.token }).catch(() => {});
    remember();
    input.focus();
    settle();
  }

  function refuse(one, word) {
    one.refused = word;
    one.token = "";
    show(one, word);
  }

  // Wait until there may be a network again: its own word, or a while that grows.
  const pause = (times) => new Promise((go) => {
    const wake = () => { clearTimeout(late); removeEventListener("online", wake); go(); };
    const late = setTimeout(wake, Math.min(1000 * 2 ** times, 15000));
    addEventListener("online", wake);
  });

  async function step(one) {
    if (!one.token) {
      const answer = await begin(one);
      if (answer.status === 201) { one.token = answer.token; most = answer.part; remember(); }
      else if (answer.status === 413) refuse(one, says.large);
      else if (answer.status === 507) refuse(one, says.full);
      else if (answer.status < 500) refuse(one, answer.code);
      else throw new Error(String(answer.status));
      return;
    }
    if (one.unsure) {
      const answer = await ask("GET", { "Upload-Token": one.token });
      if (answer.status === 404) { one.token = ""; one.received = 0; }
      else if (answer.status >= 500) throw new Error(String(answer.status));
      else one.received = answer.received;
      one.unsure = false;
      return;
    }
    const since = performance.now();
    const bytes = one.file.slice(one.received, one.received + part);
    const answer = await ask("PATCH", { "Upload-Token": one.token, "Upload-Offset": String(one.received), "Content-Type": "application/octet-stream" }, bytes);
    if (answer.status === 200 || answer.status === 409) one.received = answer.received;
    else if (answer.status === 404) { one.token = ""; one.received = 0; }
    else if (answer.status === 410) refuse(one, says.arrived); // a tip has taken it
    else if (answer.status === 413) refuse(one, says.large);
    else throw new Error(String(answer.status));
    const took = performance.now() - since;
    if (took < QUICK_MS) part = Math.min(part * 2, most);
    else if (took > SLOW_MS) part = Math.max(part / 2, LEAST);
  }

  async function send(one) {
    let broken = 0;
    while (isOpen(one) && (one.received < one.size || !one.token)) {
      try {
        await step(one);
        broken = 0;
        if (isOpen(one)) show(one, says.waiting);
      } catch {
        if (one.gone) return;
        one.unsure = Boolean(one.token);
        part = Math.max(part / 2, LEAST);
        show(one, says.broken);
        await pause(broken++);
      }
    }
    if (isOpen(one)) keep(one);
    remember();
  }

  async function run() {
    if (running) return;
    running = true;
    for (let one = entries.find(isOpen); one; one = entries.find(isOpen)) await send(one);
    running = false;
    settle();
  }

  // What was to be sent as soon as the files are there goes now.
  function settle() {
    if (!waiting || entries.some(isOpen)) return;
    const button = waiting;
    waiting = null;
    hold.hidden = true;
    form.requestSubmit(button);
  }

  function add(file) {
    const known = entries.find((one) => one.print === print(file) && !one.refused);
    if (known?.file || known?.whole) return;
    if (known) { known.file = file; known.unsure = true; show(known, says.waiting); return; }
    const one = { file, print: print(file), name: file.name, size: file.size, received: 0, token: "" };
    entries.push(one);
    draw(one);
    if (file.size) show(one, says.waiting);
    else cancel(one);
  }

  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = ""; // they go by themselves: the form does not carry them a second time
    await ready;
    files.forEach(add);
    run();
  });

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (entries.some(isOpen) && !sendsNow && event.submitter?.value !== "look") {
      event.preventDefault();
      waiting = event.submitter;
      hold.querySelector("[data-said]").textContent = says.hold;
      hold.hidden = false;
      hold.scrollIntoView({ block: "nearest" });
      return;
    }
    for (const one of entries) one.handed = one.whole;
    remember();
  });

  root.querySelector("[data-now]").addEventListener("click", () => {
    sendsNow = true;
    form.requestSubmit(waiting);
  });

  async function resume(print, { token, name, size }) {
    const one = { print, name, size, token, received: 0, file: null };
    try {
      const answer = await ask("GET", { "Upload-Token": token });
      if (answer.status !== 200) return;
      one.received = answer.received;
    } catch { /* no network yet: choosing the file again asks once more */ }
    entries.push(one);
    draw(one);
    if (one.received === size) keep(one);
    else show(one, says.again);
    if (!one.whole) one.bar.hidden = false;
  }

  const before = recall();
  const ready = Promise.all(Object.entries(before).map(([key, told]) => resume(key, told))).then(remember);
})();

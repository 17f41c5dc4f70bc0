/* At the workbench: j and k step through the queue, or through what stands on the page. Without this script the
   links and the browser's access keys do the same. */
"use strict";
(() => {
  const typing = (at) => at.closest?.("input, textarea, select, [contenteditable]");
  const lines = [...document.querySelectorAll("[data-lines] .tip")];
  const step = (by) => {
    const at = lines.indexOf(document.activeElement);
    lines[Math.min(Math.max(at + by, 0), lines.length - 1)]?.focus();
  };
  const keys = {
    j: () => (lines.length ? step(1) : document.querySelector("a[rel=next]")?.click()),
    k: () => (lines.length ? step(-1) : document.querySelector("a[rel=prev]")?.click()),
    u: () => document.querySelector("a[rel=up]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();

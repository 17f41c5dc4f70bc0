/* Copy the receipt where the person asks for it; it is stored nowhere by this page. */
"use strict";
(() => {
  const button = document.querySelector("[data-copy]");
  const receipt = document.querySelector("[data-receipt]");
  if (!button || !receipt || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(receipt.innerText);
      document.querySelector("[data-said]").textContent = button.dataset.copied;
    } catch {
      button.hidden = true;
    }
  });
})();

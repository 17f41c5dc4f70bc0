/* Answer the form's challenge in a worker while the family types. Where that cannot be, the field stays empty. */
"use strict";
(() => {
  // crypto.subtle is there on https and on this machine only.
  if (!window.Worker || !window.isSecureContext || !window.crypto?.subtle) return;
  for (const field of document.querySelectorAll("input[data-challenge]")) {
    if (field.value || !field.dataset.challenge) continue;
    try {
      const challenge = JSON.parse(field.dataset.challenge);
      const worker = new Worker(field.dataset.worker);
      worker.onmessage = ({ data }) => {
        if (data) field.value = btoa(JSON.stringify({ challenge, solution: data }));
        worker.terminate();
      };
      worker.onerror = (fault) => {
        fault.preventDefault();
        worker.terminate();
      };
      worker.postMessage(challenge.parameters);
    } catch { /* an old browser: the report is taken all the same */ }
  }
})();

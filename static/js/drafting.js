/* Count an officer's sentence while it is typed, as notifier/protocols/text.py does. "Check" counts it all. */
"use strict";
(() => {
  const words = document.getElementById("count-words")?.dataset;
  const gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  const twice = "\f^{}\\[~]|€";
  const count = (text) => {
    const plain = [...text].every((c) => gsm.includes(c) || twice.includes(c));
    const units = plain ? [...text].reduce((n, c) => n + (twice.includes(c) ? 2 : 1), 0) : text.length;
    const [one, part] = plain ? [160, 153] : [70, 67];
    return [plain, units, units <= one ? 1 : Math.ceil(units / part)];
  };
  for (const field of words ? document.querySelectorAll("[data-addition]") : []) {
    const shown = document.createElement("span");
    shown.className = "count";
    shown.setAttribute("role", "status");
    field.after(shown);
    const show = () => {
      const [plain, , parts] = count(field.value);
      const left = field.maxLength - field.value.length;
      shown.textContent = field.value
        ? `${words.parts} ${parts} · ${plain ? words.gsm7 : words.ucs2} · ${words.left} ${left}` : "";
    };
    field.addEventListener("input", show);
    show();
  }
})();

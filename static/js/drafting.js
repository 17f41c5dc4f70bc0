/* While an alert is drafted: count a sentence as notifier/protocols/text.py does, show only the fields of the
   chosen shape, and draw on a map of our own server. Without this script all fields stand there and "Check"
   counts it all. */
"use strict";
(() => {
  const words = document.getElementById("count-words")?.dataset;
  if (!words) return;
  const gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  const twice = "\f^{}\\[~]|€";
  const count = (text) => {
    const plain = [...text].every((c) => gsm.includes(c) || twice.includes(c));
    const units = plain ? [...text].reduce((n, c) => n + (twice.includes(c) ? 2 : 1), 0) : text.length;
    const [one, part] = plain ? [160, 153] : [70, 67];
    return [plain, units <= one ? 1 : Math.ceil(units / part)];
  };
  for (const field of document.querySelectorAll("[data-addition]")) {
    const shown = document.createElement("span");
    shown.className = "letters";
    shown.setAttribute("role", "status");
    field.after(shown);
    const show = () => {
      const [plain, parts] = count(field.value);
      const left = field.maxLength - field.value.length;
      shown.textContent = field.value
        ? `${words.parts} ${parts} · ${plain ? words.gsm7 : words.ucs2} · ${words.left} ${left}` : "";
    };
    field.addEventListener("input", show);
    show();
  }

  const form = document.querySelector("[data-drafting]");
  const field = (name) => form.querySelector(`[name=${name}]`);
  const parts = { circle: ["place", "lat", "lon", "radius_km"], polygon: ["corners"], regions: ["regions"] };
  const shape = () => form.querySelector("[name=shape]:checked")?.value;
  const root = document.querySelector(".area-map");
  const part = (name) => root.querySelector(`[data-do=${name}]`);
  const frame = root.querySelector(".area-frame");
  const picture = root.querySelector(".area-picture");
  const view = { lat: Number(root.dataset.lat), lon: Number(root.dataset.lon), span_km: 60 };
  let drawn = null;
  let wanted = 0;

  // Corners as typed: one a line. What is half typed is left out of the drawing, never out of the field.
  const corners = () => field("corners").value.split("\n")
    .map((line) => line.match(/-?\d+(\.\d+)?/g)?.map(Number)).filter((pair) => pair?.length === 2);
  const number = (name) => parseFloat(field(name).value.replace(",", "."));
  const pixels = ([lat, lon]) => [(lon - drawn.west) / drawn.lon_per_px, (drawn.north - lat) / drawn.lat_per_px];

  function mark(svg) {
    svg.querySelector("#drawn")?.remove();
    const group = document.createElementNS(svg.namespaceURI, "g");
    group.id = "drawn";
    const add = (kind, attributes) => {
      const made = document.createElementNS(svg.namespaceURI, kind);
      const look = { class: "map-area", fill: "#c8102e", "fill-opacity": "0.16", stroke: "#c8102e", "stroke-width": "2" };
      for (const [name, value] of Object.entries({ ...look, ...attributes })) made.setAttribute(name, value);
      group.append(made);
    };
    if (shape() === "circle" && Number.isFinite(number("lat")) && Number.isFinite(number("lon"))) {
      const [cx, cy] = pixels([number("lat"), number("lon")]);
      add("circle", { cx, cy, r: Math.max(4, ((number("radius_km") || 0) * 1000) / drawn.metres_per_px) });
    } else if (shape() === "polygon") {
      const found = corners().map(pixels);
      add("polygon", { points: found.map((point) => point.join(",")).join(" ") });
      for (const [cx, cy] of found) add("circle", { cx, cy, r: 4, "fill-opacity": "1" });
    }
    svg.append(group);
  }

  async function draw() {
    if (frame.hidden) return;
    const mine = ++wanted;
    try {
      const answer = await fetch(root.dataset.mapUrl, { method: "POST", body: new URLSearchParams(view) });
      if (!answer.ok) throw new Error(String(answer.status));
      const map = await answer.json();
      if (mine !== wanted) return; // a later tap was faster
      drawn = map;
      const svg = document.importNode(new DOMParser().parseFromString(map.svg, "image/svg+xml").documentElement, true);
      picture.replaceChildren(svg);
      mark(svg);
    } catch {
      picture.replaceChildren(); // the numbers say all that the picture would
    }
  }

  const again = () => {
    const svg = picture.querySelector("svg");
    if (svg && drawn) mark(svg);
  };

  function fit() {
    const chosen = shape();
    for (const [name, fields] of Object.entries(parts)) {
      for (const one of fields) field(one).closest(".field").hidden = name !== chosen;
    }
    root.hidden = chosen !== "circle" && chosen !== "polygon";
    part("undo").hidden = chosen !== "polygon";
    again();
  }

  picture.addEventListener("click", (event) => {
    const svg = picture.querySelector("svg");
    if (!svg || !drawn) return;
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const lat = drawn.north - (event.clientY - box.top) * scale * drawn.lat_per_px;
    const lon = drawn.west + (event.clientX - box.left) * scale * drawn.lon_per_px;
    if (shape() === "circle") {
      field("place").value = "";
      field("lat").value = lat.toFixed(5);
      field("lon").value = lon.toFixed(5);
    } else {
      field("corners").value = `${field("corners").value.trim()}\n${lat.toFixed(5)}, ${lon.toFixed(5)}`.trim();
    }
    again();
  });

  const acts = {
    map: () => { frame.hidden = !frame.hidden; part("map").setAttribute("aria-expanded", String(!frame.hidden)); draw(); },
    in: () => { view.span_km = Math.max(view.span_km / 2, 8); draw(); },
    out: () => { view.span_km = Math.min(view.span_km * 2, 2000); draw(); },
    undo: () => { field("corners").value = field("corners").value.trim().split("\n").slice(0, -1).join("\n"); again(); },
  };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) acts[button.dataset.do]();
  });
  form.addEventListener("change", fit);
  form.addEventListener("input", again);
  const errors = form.querySelector(".field.error");
  field("corners").closest(".field").after(root);
  fit();
  if (errors) errors.hidden = false; // what needs attention is never hidden
})();

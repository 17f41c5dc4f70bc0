/* A point for the words: from the phone's position, or tapped on a map our own server draws once it is asked
   for. Without this script, without a position or without the map, the words are enough. */
"use strict";
(() => {
  const root = document.querySelector("[data-map-url]");
  if (!root) return;
  const fields = Object.fromEntries(["lat", "lon", "error_m"].map((name) => [name, document.getElementsByName(name)[0]]));
  const part = (name) => root.querySelector(`[data-do=${name}]`);
  const frame = root.querySelector(".tap-frame");
  const picture = root.querySelector(".tap-picture");
  const said = root.querySelector("[data-said]");
  const view = { lat: Number(root.dataset.lat), lon: Number(root.dataset.lon), span_km: 60 };
  let drawn = null;
  let wanted = 0;

  const isSet = () => fields.lat.value !== "";

  async function draw() {
    if (frame.hidden) return;
    const body = new URLSearchParams(view);
    if (isSet()) {
      body.set("lat", fields.lat.value);
      body.set("lon", fields.lon.value);
      body.set("marked", "1");
    }
    const mine = ++wanted;
    try {
      const answer = await fetch(root.dataset.mapUrl, { method: "POST", body });
      if (!answer.ok) throw new Error(String(answer.status));
      const map = await answer.json();
      if (mine !== wanted) return; // a later tap was faster
      const svg = new DOMParser().parseFromString(map.svg, "image/svg+xml").documentElement;
      picture.replaceChildren(document.importNode(svg, true));
      drawn = map;
    } catch {
      picture.replaceChildren(); // the position button works without a picture
    }
  }

  function show(isShown) {
    frame.hidden = !isShown;
    part("map").setAttribute("aria-expanded", String(isShown));
    draw();
  }

  function set(lat, lon, error_m) {
    fields.lat.value = lat.toFixed(5);
    fields.lon.value = lon.toFixed(5);
    fields.error_m.value = Math.ceil(error_m);
    view.lat = lat;
    view.lon = lon;
    said.textContent = said.dataset.set;
    part("clear").hidden = false;
    draw();
  }

  picture.addEventListener("click", (event) => {
    const svg = picture.querySelector("svg");
    if (!svg || !drawn) return;
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale;
    const y = (event.clientY - box.top) * scale;
    // A finger covers about 20 pixels of the page.
    set(drawn.north - y * drawn.lat_per_px, drawn.west + x * drawn.lon_per_px, 20 * scale * drawn.metres_per_px);
  });

  const acts = {
    map: () => show(frame.hidden),
    in: () => { view.span_km = Math.max(view.span_km / 2, 8); draw(); },
    out: () => { view.span_km = Math.min(view.span_km * 2, 2000); draw(); },
    clear: () => {
      for (const field of Object.values(fields)) field.value = "";
      part("clear").hidden = true;
      said.textContent = "";
      draw();
    },
    here: () => {
      const failed = () => { said.textContent = said.dataset.failed; };
      if (!navigator.geolocation) return failed();
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { view.span_km = 8; set(coords.latitude, coords.longitude, coords.accuracy); show(true); },
        failed,
        { enableHighAccuracy: true, timeout: 15000 },
      );
    },
  };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) acts[button.dataset.do]();
  });

  root.hidden = false;
  if (isSet()) {
    view.lat = Number(fields.lat.value);
    view.lon = Number(fields.lon.value);
    view.span_km = 8;
    part("clear").hidden = false;
    show(true);
  }
})();

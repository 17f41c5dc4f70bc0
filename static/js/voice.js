/* A recorder for each voice field. What it records is put into the field's own file input, so that the form
   carries it as it carries a chosen file. Without this script, or a microphone, the input is enough. */
"use strict";
(() => {
  const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

  function enhance(input) {
    const root = input.closest(".voice");
    const [tools, record, stop, time, audio, remove, choose, said] = ["tools", "record", "stop", "time", "audio", "remove", "choose", "said"]
      .map((name) => root.querySelector(`[data-part=${name}]`));
    const max = Number(root.dataset.max);
    const can = Boolean(window.MediaRecorder && navigator.mediaDevices);
    let recorder = null;
    let waiting = null; // the button that sends the form, pressed while we record

    const say = (word) => { said.textContent = root.dataset[word]; };

    function show(state, focus) {
      record.hidden = !can || state !== "empty";
      stop.hidden = time.hidden = state !== "recording";
      audio.hidden = remove.hidden = state !== "kept";
      input.hidden = choose.hidden = state !== "empty";
      focus?.focus();
    }

    function load() {
      URL.revokeObjectURL(audio.src);
      const file = input.files[0];
      if (file) audio.src = URL.createObjectURL(file);
      else audio.removeAttribute("src");
      return Boolean(file);
    }

    function keep(file, word) {
      const carrier = new DataTransfer();
      carrier.items.add(file);
      input.files = carrier.files;
      load();
      say(word);
      show("kept", waiting ? null : remove);
      waiting?.form.requestSubmit(waiting.button);
      waiting = null;
    }

    async function start() {
      record.disabled = true; // until the person has answered the browser's question
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        run(stream);
      } catch {
        say("refused");
      }
      record.disabled = false;
    }

    function run(stream) {
      const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
      const parts = [];
      let seconds = 0;
      recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24000 });
      recorder.ondataavailable = (event) => parts.push(event.data);
      const clock = setInterval(() => {
        time.textContent = `${Math.floor(++seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
        if (seconds >= max) recorder.stop();
      }, 1000);
      recorder.onstop = () => {
        clearInterval(clock);
        for (const track of stream.getTracks()) track.stop();
        recorder = null;
        keep(new File(parts, "voice", { type: parts[0].type }), seconds >= max ? "full" : "kept");
      };
      recorder.start();
      time.textContent = "0:00";
      say("recording");
      show("recording", stop);
    }

    input.classList.add("visually-hidden"); // its label says it in the language of the page, the browser does not
    input.removeAttribute("capture"); // with a recorder here, the input is for a recording made before
    input.addEventListener("change", () => show(load() ? "kept" : "empty"));
    remove.addEventListener("click", () => {
      input.value = "";
      load();
      say("removed");
      show("empty", can ? record : input);
    });
    audio.addEventListener("error", () => { audio.hidden = true; }); // a kind this browser cannot play; we can
    if (!can) say("unable");
    record.addEventListener("click", start);
    stop.addEventListener("click", () => recorder?.stop());
    input.form?.addEventListener("submit", (event) => {
      if (!recorder) return;
      event.preventDefault(); // the voice goes along: stop, keep, then send
      waiting = { form: event.target, button: event.submitter };
      recorder.stop();
    });
    tools.hidden = false;
    show(load() ? "kept" : "empty");
  }

  document.querySelectorAll("input[type=file][data-voice]").forEach(enhance);
})();

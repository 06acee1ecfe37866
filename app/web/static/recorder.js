// A question is read into the microphone: the sound becomes the file that the form sends. Without
// script, or without a microphone, the form takes a file all the same.
const LONGEST = 120; // seconds
const RATE = 16000; // samples a second: a voice needs no more
const AGAIN = 250; // milliseconds

// Samples of 16 bits on one channel, as the service takes them.
function wav(samples) {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const word = (at, text) => [...text].forEach((sign, i) => view.setUint8(at + i, sign.charCodeAt(0)));
  word(0, "RIFF"); view.setUint32(4, 36 + samples.length * 2, true); word(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true); view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  word(36, "data"); view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => {
    view.setInt16(44 + i * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true);
  });
  return new File([view], "voice.wav", { type: "audio/wav" });
}

async function samplesOf(blob) {
  const context = new AudioContext();
  const heard = await context.decodeAudioData(await blob.arrayBuffer());
  await context.close();
  const seconds = Math.min(heard.duration, LONGEST);
  const offline = new OfflineAudioContext(1, Math.ceil(seconds * RATE), RATE);
  const source = offline.createBufferSource();
  source.buffer = heard;
  source.connect(offline.destination);
  source.start();
  return (await offline.startRendering()).getChannelData(0);
}

function ready(form) {
  const button = form.querySelector("[data-record]");
  const state = form.querySelector("[role=status]");
  const begins = button.firstElementChild.textContent;
  let recorder = null, began = 0, clock = 0;

  function say(name, seconds) {
    state.textContent = state.dataset[name].replace("[seconds]", Math.round(seconds));
  }

  async function start() {
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); }
    catch { say("none", 0); return; }
    const parts = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => finish(stream, new Blob(parts, { type: recorder.mimeType })));
    recorder.start();
    began = performance.now();
    button.firstElementChild.textContent = button.dataset.stop;
    say("runs", 0);
    clock = setInterval(() => {
      if ((performance.now() - began) / 1000 >= LONGEST) recorder.stop();
    }, AGAIN);
  }

  async function finish(stream, blob) {
    clearInterval(clock);
    stream.getTracks().forEach((track) => track.stop());
    recorder = null;
    button.firstElementChild.textContent = begins;
    try {
      const samples = await samplesOf(blob);
      const kept = new DataTransfer();
      kept.items.add(wav(samples));
      form.elements.file.files = kept.files;
      say("done", samples.length / RATE);
    } catch { say("none", 0); }
  }

  button.addEventListener("click", () => (recorder ? recorder.stop() : start()));
  button.hidden = false;
}

if (navigator.mediaDevices?.getUserMedia && window.MediaRecorder && window.OfflineAudioContext) {
  document.querySelectorAll("form.aloud").forEach(ready);
}

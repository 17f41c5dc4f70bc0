/* Try keys 0, 1, 2 … until one begins with the wanted bytes (altcha's PBKDF2 challenge); answer null if none can be. */
"use strict";
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const begin = performance.now();
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const number = new DataView(password.buffer, password.length - 4);
  const method = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  const wanted = bytes(keyPrefix);
  for (let counter = 0; counter < 1e6; counter += 1) {
    number.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derived = await crypto.subtle.deriveBits(method, key, keyLength * 8);
    const first = new Uint8Array(derived);
    if (wanted.every((byte, place) => byte === first[place])) {
      return { counter, derivedKey: hex(derived), time: Math.round(performance.now() - begin) };
    }
  }
  return null;
}

onmessage = ({ data }) => solve(data).then(postMessage, () => postMessage(null));

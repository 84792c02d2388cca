// Boxes that a device closes to a public key of the house: internal/foundation/offline/box.go
// from the other side. The device cannot open them again.

const use = "ashar offline box 1";
const pointLength = 65;
const step = 32; // of the length of what is sealed
const curve = { name: "ECDH", namedCurve: "P-256" };
const plain = new TextEncoder();

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

const base64url = (raw: Uint8Array): string => btoa(Array.from(raw, (c) => String.fromCharCode(c)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The key of one box, bound to both points. */
async function keyOf(mine: CryptoKey, theirs: CryptoKey, point: Uint8Array, to: Uint8Array, can: KeyUsage): Promise<CryptoKey> {
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256);
  const salt = new Uint8Array([...point, ...to]);
  const from = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info: plain.encode(use) }, from, { name: "AES-GCM", length: 256 }, false, [can]);
}

/**
 * Closes a text to a public key of the house, for what `of` names: the nonce of the record in
 * which it goes up. Each box has a key pair of its own, made here when none is given; one that
 * is given must never be given again. Rejects when the key is none.
 */
export async function close(publicKey: string, of: string, text: string, one?: CryptoKeyPair): Promise<string> {
  const to = bytes(publicKey);
  const house = await crypto.subtle.importKey("raw", to, curve, false, []);
  const pair = one ?? (await crypto.subtle.generateKey(curve, false, ["deriveBits"]));
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  if (point.length !== pointLength) throw new Error("a point of another length");
  const said = plain.encode(text);
  const padded = new Uint8Array((Math.floor(said.length / step) + 1) * step);
  padded.set(said);
  padded[said.length] = 0x80;
  const key = await keyOf(pair.privateKey, house, point, to, "encrypt");
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), additionalData: plain.encode(of) }, key, padded);
  return base64url(new Uint8Array([...point, ...new Uint8Array(sealed)]));
}

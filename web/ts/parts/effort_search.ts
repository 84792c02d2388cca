// SHA-256 of one block, as often as it takes: see internal/foundation/web/effort.

const K = new Int32Array(64);
const start = new Int32Array(8);

// The constants are the first 32 bits behind the point of the cube roots, and
// of the square roots, of the first primes.
for (let p = 2, n = 0; n < 64; p++) {
  let prime = true;
  for (let d = 2; d * d <= p; d++) prime &&= p % d > 0;
  if (!prime) continue;
  K[n] = (Math.cbrt(p) % 1) * 2 ** 32;
  if (n < 8) start[n] = (Math.sqrt(p) % 1) * 2 ** 32;
  n++;
}

/** The 32 bytes of a seed, from hexadecimal digits, as eight numbers. */
export function words(hex: string): Int32Array {
  return Int32Array.from({ length: 8 }, (_, i) => parseInt(hex.slice(8 * i, 8 * i + 8), 16));
}

/**
 * The first counter of [from, to) for which SHA-256(seed ‖ part ‖ counter)
 * begins with so many zero bits (32 at most), -1 when there is none.
 */
export function search(seed: Int32Array, part: number, bits: number, from: number, to: number): number {
  const w = new Int32Array(64);
  w.set(seed);
  w[8] = part;
  w[10] = 1 << 31; // the bit that ends the message
  w[15] = 40 * 8; // and its length
  const h0 = start[0]!;
  for (let counter = from; counter < to; counter++) {
    w[9] = counter;
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      const s = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const t = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16]! + w[i - 7]! + s + t) | 0;
    }
    let a = h0;
    let b = start[1]!;
    let c = start[2]!;
    let d = start[3]!;
    let e = start[4]!;
    let f = start[5]!;
    let g = start[6]!;
    let h = start[7]!;
    for (let i = 0; i < 64; i++) {
      const t = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + (g ^ (e & (f ^ g))) + K[i]! + w[i]!) | 0;
      const u = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b)))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t) | 0;
      d = c;
      c = b;
      b = a;
      a = (t + u) | 0;
    }
    if (Math.clz32(a + h0) >= bits) return counter;
  }
  return -1;
}

// Solves one part of a challenge at a time, beside the page.
import { search } from "./parts/effort_search";

export type Part = { seed: Int32Array; bits: number; part: number };

onmessage = ({ data: { seed, bits, part } }: MessageEvent<Part>) => {
  postMessage([part, search(seed, part, bits, 0, 2 ** 32)]);
};

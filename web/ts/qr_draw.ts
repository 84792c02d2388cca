// Draws QR codes on the device, where there is no house that draws them; the page of giving on
// loads it when codes are to be shown.
import { encode } from "uqr";

/** The path of a text's QR in units of a module, with how many it is wide and high; around it there is a quiet zone of four. */
export function draw(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { ecc: "L", border: 4 });
  const bars: string[] = [];
  for (const [y, row] of data.entries()) for (const [x, dark] of row.entries()) if (dark) bars.push(`M${x} ${y}h1v1h-1z`);
  return { path: bars.join(""), size };
}

// The QR decoder for browsers without their own; the door loads it when the
// camera starts.
import jsQR from "jsqr";

/** Gives the text of the QR in a picture, undefined when there is none. */
export function read(picture: ImageData): string | undefined {
  return jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data || undefined;
}

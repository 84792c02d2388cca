/** What a picture becomes: a photo of this quality. */
const quality = 0.85;
/** Pictures of fewer bytes are sent as they are. */
const small = 1 << 20;

/** Gives a picture made smaller, with at most so many pixels on its longer side, or the
 * file itself when it is none, is small already, or cannot be drawn here. */
export async function smaller(file: File, side: number): Promise<File> {
  if (side <= 0 || !file.type.startsWith("image/") || file.size <= small) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const part = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * part));
    canvas.height = Math.max(1, Math.round(picture.height * part));
    const pen = canvas.getContext("2d");
    if (!pen) return file;
    pen.fillStyle = "#fff"; // what was transparent is paper
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (!drawn || drawn.size >= file.size) return file;
    return new File([drawn], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file; // the server will say what it is
  }
}

// The camera and what reads its pictures: the browser's own detector where it
// knows QR, else ours.
export type Reader = (video: HTMLVideoElement) => Promise<string | undefined>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface Detectors {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

const widest = 640; // enough for a ticket, and quick on a cheap phone

export const hasCamera = (): boolean => typeof navigator.mediaDevices?.getUserMedia === "function";

/** Opens the camera on the back of a phone, or the only one. */
export function openCamera(): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } });
}

/** Gives what turns the lamp beside the camera on and off; undefined where there is none. */
export function lamp(stream: MediaStream): ((on: boolean) => Promise<void>) | undefined {
  const track = stream.getVideoTracks()[0];
  const able = track?.getCapabilities?.() as (MediaTrackCapabilities & { torch?: boolean }) | undefined;
  if (!track || !able?.torch) return undefined;
  return (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}

/** Gives a reader; ours comes from an address of its own, only when it is needed. */
export async function makeReader(address: string): Promise<Reader> {
  const own = (window as { BarcodeDetector?: Detectors }).BarcodeDetector;
  const formats = await own?.getSupportedFormats().catch(() => undefined);
  if (own && formats?.includes("qr_code")) {
    const detector = new own({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue || undefined;
  }
  const { read } = (await import(address)) as { read: (picture: ImageData) => string | undefined };
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, widest / video.videoWidth);
    const width = Math.round(video.videoWidth * scale);
    const height = Math.round(video.videoHeight * scale);
    if (!pen || !width || !height) return undefined;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    pen.drawImage(video, 0, 0, width, height);
    return read(pen.getImageData(0, 0, width, height));
  };
}

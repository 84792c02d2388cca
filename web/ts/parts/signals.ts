// What the door says to ear and hand: one tone up for yes, two the same for
// wait, one low for no.
export type Colour = "good" | "wait" | "bad";

const tones: Record<Colour, [hertz: number, from: number, to: number][]> = {
  good: [[880, 0, 0.1], [1320, 0.1, 0.25]],
  wait: [[520, 0, 0.12], [520, 0.2, 0.32]],
  bad: [[170, 0, 0.5]],
};
const shakes: Record<Colour, number[]> = { good: [80], wait: [70, 70, 70], bad: [400] };

export class Signals {
  private readonly audio = "AudioContext" in window ? new AudioContext() : undefined;

  /** Wakes the sound; browsers allow it on a press only. */
  wake(): void {
    void this.audio?.resume();
  }

  /** Tells a colour; the quiet one only shakes. */
  give(colour: Colour, quiet: boolean): void {
    navigator.vibrate?.(shakes[colour]);
    const audio = this.audio;
    if (!audio || quiet) return;
    for (const [hertz, from, to] of tones[colour]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.type = colour === "bad" ? "square" : "sine";
      tone.frequency.value = hertz;
      volume.gain.value = 0.4;
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + from);
      tone.stop(audio.currentTime + to);
    }
  }
}

// The clock of the step that goes on. Without script the page says when the step ends.
const minute = 60_000;
/** With so many minutes left the phone vibrates, and the ring changes its colour. */
const warnsAt = 5;

function clock(list: HTMLElement, step: HTMLElement, face: HTMLElement): void {
  const ring = face.querySelector<SVGCircleElement>("[data-ring]");
  const left = face.querySelector("[data-left]");
  const unit = face.querySelector("[data-unit]");
  const number = (name: string) => Number(step.dataset[name]);
  const ahead = Number(list.dataset["clock"]) - Date.now(); // of the house's clock
  let before = Infinity;
  const draw = (): void => {
    const stands = number("stands");
    const now = stands || Date.now() + ahead;
    const ms = number("began") + number("length") * minute + number("paused") - now;
    const minutes = Math.sign(ms) * Math.round(Math.abs(ms) / minute);
    const part = Math.min(Math.max(ms / (number("length") * minute), 0), 1);
    ring?.setAttribute("stroke-dasharray", `${(part * 314.2).toFixed(1)} 314.2`);
    ring?.classList.toggle("warn", minutes <= warnsAt);
    if (left) left.textContent = String(Math.abs(minutes));
    if (unit) unit.textContent = face.dataset[minutes < 0 ? "over" : "minute"] ?? "";
    if ((before > warnsAt && minutes <= warnsAt && before !== Infinity) || (before > 0 && minutes <= 0 && before !== Infinity)) navigator.vibrate?.(400);
    before = minutes;
  };
  draw();
  setInterval(draw, 1000);
}

const list = document.querySelector<HTMLElement>("[data-run]");
const step = list?.querySelector<HTMLElement>("[data-began]");
const face = step?.querySelector<HTMLElement>("[data-face]");
if (list && step && face) clock(list, step, face);

export {};

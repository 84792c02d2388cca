// The rules of a selection: what is typed is checked after a short pause, and the verdict
// beside the form is exchanged. Without script the button "check" does the same.
const pause = 600; // after the last key, ms

for (const form of document.querySelectorAll<HTMLFormElement>("[data-check]")) {
  let due = 0;
  let asked = 0;
  const check = async (): Promise<void> => {
    const turn = ++asked;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("do", "check");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-verdict]");
      const place = document.querySelector("[data-verdict]");
      // What was asked later is answered by its own answer.
      if (turn !== asked || !fresh || !place || place.innerHTML === fresh.innerHTML) return;
      place.replaceChildren(...fresh.childNodes);
    } catch {
      // No network for a moment: the button is there.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(due);
    due = window.setTimeout(() => void check(), pause);
  });
}

export {};

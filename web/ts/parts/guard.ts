/** For how long a button that is answered with a file does not ask again, in milliseconds. */
const aMoment = 1_000;

/**
 * Sends each form once: an impatient second press does nothing until the answer is there.
 * A form that is answered with a file, by all of its buttons or by one, leaves the page as
 * it is, and may be sent again: after a moment, so that two quick presses ask once.
 */
export function guardForms(page: Document): void {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
    const button = event.submitter;
    const pressed = button ?? form;
    const file = "file" in form.dataset || "file" in pressed.dataset;
    if (form.dataset["sent"] || pressed.dataset["pressed"]) {
      event.preventDefault();
      return;
    }
    if (file) {
      pressed.dataset["pressed"] = "yes";
      window.setTimeout(() => delete pressed.dataset["pressed"], aMoment);
      return;
    }
    form.dataset["sent"] = "yes";
    if (button instanceof HTMLButtonElement) {
      // Not disabled: a disabled button's own name and value would not be sent.
      button.setAttribute("aria-disabled", "true");
      button.dataset["label"] = button.textContent ?? "";
      button.textContent = page.body.dataset["sending"] ?? button.textContent;
    }
  });
  // Another person may press the browser's own button to go back on a shared telephone:
  // a form that is to be forgotten is read from the house again, and shows what that knows.
  const back = window.performance.getEntriesByType("navigation").some((entry) => entry instanceof PerformanceNavigationTiming && entry.type === "back_forward");
  const forgets = page.querySelectorAll<HTMLFormElement>("form[data-forget]");
  if (back) for (const form of forgets) form.reset();
  window.addEventListener("pagehide", () => {
    for (const form of forgets) if (form.dataset["sent"]) form.reset();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && forgets.length > 0) window.location.reload();
    else if (back) for (const form of forgets) form.reset();
  });
  // Coming back by the browser's own button finds the form ready again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of page.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
      for (const button of form.querySelectorAll<HTMLButtonElement>("button[data-label]")) {
        button.removeAttribute("aria-disabled");
        button.textContent = button.dataset["label"] ?? "";
        delete button.dataset["label"];
      }
    }
  });
}

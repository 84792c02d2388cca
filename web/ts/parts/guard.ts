/** Sends each form once: an impatient second press does nothing until the answer is there. */
export function guardForms(page: Document): void {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "yes";
    const button = event.submitter;
    if (button instanceof HTMLButtonElement) {
      // Not disabled: a disabled button's own name and value would not be sent.
      button.setAttribute("aria-disabled", "true");
      button.dataset["label"] = button.textContent ?? "";
      button.textContent = page.body.dataset["sending"] ?? button.textContent;
    }
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

/** Brings the summary of a form's errors to the person's attention. */
export function focusErrors(page: Document): void {
  page.getElementById("errors")?.focus();
}

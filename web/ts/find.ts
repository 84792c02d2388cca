// What the pages of staff get, where there is a search of everything.

/** Whether somebody sees an element; what is not drawn takes no cursor. */
const seen = (element: HTMLElement) => element.getClientRects().length > 0;

/**
 * The key "/" leads to the search: it puts the cursor into the field when the page shows
 * it, else it follows the link to it. Who is writing writes a slash.
 */
function findByKey(page: Document): void {
  const fields = [...page.querySelectorAll<HTMLInputElement>("form[data-find] input")];
  const link = page.querySelector<HTMLAnchorElement>("a[data-find]");
  if (!fields.length && !link) return;
  page.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target;
    if (at instanceof HTMLElement && (at.isContentEditable || at.closest("input, textarea, select"))) return;
    const field = fields.find(seen);
    if (!field && !link) return;
    event.preventDefault();
    if (field) {
      field.focus();
      field.select();
    } else if (link) {
      location.assign(link.href);
    }
  });
}

findByKey(document);

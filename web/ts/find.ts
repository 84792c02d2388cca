// What the pages of staff get, where there is a search of everything.

/**
 * The key "/" leads to the search: it puts the cursor into the field when the page has
 * it, else it follows the link to it. Who is writing writes a slash.
 */
function findByKey(page: Document): void {
  const field = page.querySelector<HTMLInputElement>("form[data-find] input");
  const link = page.querySelector<HTMLAnchorElement>("a[data-find]");
  if (!field && !link) return;
  page.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target;
    if (at instanceof HTMLElement && (at.isContentEditable || at.closest("input, textarea, select"))) return;
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

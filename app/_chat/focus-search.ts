/** Puts the focus where conversations are searched, if that is to be seen in this part of the page; says whether it is. */
export function focusSearch(part: HTMLElement | null): boolean {
  const field = part?.querySelector<HTMLInputElement>("input[type=search]");
  if (field == null || field.getClientRects().length === 0) return false;
  field.focus();
  field.select();
  return true;
}

/** What is left to be seen above a message that was scrolled to, in pixels. */
const ABOVE = 24;

/** Where a message stands in a conversation's list, drawn or not; null when it does not. */
export function messagePlace(list: HTMLElement | null, message: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-message="${CSS.escape(message)}"]`) ?? null;
}

/** Scrolls a list so that the beginning of one of its parts is at its top; not the page around it. */
export function scrollToPlace(list: HTMLElement | null, place: HTMLElement): void {
  if (list === null) return;
  const distance = place.getBoundingClientRect().top - list.getBoundingClientRect().top - ABOVE;
  if (Math.abs(distance) >= 1) list.scrollTop += distance;
}

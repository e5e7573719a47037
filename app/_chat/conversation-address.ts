const ID = /^[A-Za-z0-9_-]{1,64}$/;
const NAME = "c";

/** The conversation that the page's address names; null: a new one. */
export function addressedConversation(): string | null {
  const id = new URLSearchParams(window.location.search).get(NAME);
  return id !== null && ID.test(id) ? id : null;
}

/** The page's address with this conversation, the theme and whatever else it has kept. */
export function addressOf(id: string | null): string {
  const address = new URL(window.location.href);
  if (id === null) address.searchParams.delete(NAME);
  else address.searchParams.set(NAME, id);
  return `${address.pathname}${address.search}`;
}

/** Puts the conversation into the address; going back leads to where the visitor was. */
export function goToConversation(id: string | null): void {
  if (addressedConversation() !== id) window.history.pushState(null, "", addressOf(id));
}

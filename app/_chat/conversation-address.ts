const ID = /^[A-Za-z0-9_-]{1,64}$/;
const NAME = "c";
const RUN = "run";
/** Begins the fragment that names a message. */
const MESSAGE = "#m-";

/** The conversation that the page's address names; null: a new one. */
export function addressedConversation(): string | null {
  return idIn(NAME);
}

/** The run that the page's address names instead, before it is known which conversation it is of. */
export function addressedRun(): string | null {
  return addressedConversation() === null ? idIn(RUN) : null;
}

/** The message of the conversation that the page's address names, to be scrolled to. */
export function addressedMessage(): string | null {
  const { hash } = window.location;
  const id = hash.startsWith(MESSAGE) ? hash.slice(MESSAGE.length) : "";
  return ID.test(id) ? id : null;
}

/** The page's address with this conversation, the theme and whatever else it has kept; `message` is to be scrolled to. */
export function addressOf(id: string | null, message: string | null = null): string {
  const address = new URL(window.location.href);
  address.searchParams.delete(RUN);
  if (id === null) address.searchParams.delete(NAME);
  else address.searchParams.set(NAME, id);
  return `${address.pathname}${address.search}${message === null ? "" : `${MESSAGE}${message}`}`;
}

/** Puts the conversation into the address; going back leads to where the visitor was. */
export function goToConversation(id: string | null): void {
  if (addressedConversation() !== id) window.history.pushState(null, "", addressOf(id));
}

function idIn(name: string): string | null {
  const id = new URLSearchParams(window.location.search).get(name);
  return id !== null && ID.test(id) ? id : null;
}

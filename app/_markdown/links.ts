const ALLOWED = new Set(["http:", "https:", "mailto:"]);
const MAX_CHARACTERS = 2_000;

/** The address to link to, written out; null unless it is a whole http, https or mailto address. */
export function safeAddress(address: string): string | null {
  if (address.length > MAX_CHARACTERS || !URL.canParse(address)) return null;
  const url = new URL(address);
  return ALLOWED.has(url.protocol) ? url.href : null;
}

/**
 * Where a link leads, when its text names another place: `[bank.example](https://elsewhere.example)` is told apart from
 * what it looks like. Null for a text that is no address, or the right one.
 */
export function otherPlace(text: string, address: string): string | null {
  const named = /(?:[a-z][a-z\d+.-]*:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/:?#]\S*)?/iu.exec(text)?.[1];
  const url = new URL(address);
  const place = url.protocol === "mailto:" ? (url.pathname.split("@")[1] ?? url.pathname) : url.hostname;
  if (named === undefined) return null;
  const bare = (host: string) => host.toLowerCase().replace(/^www\./, "");
  return hostOf(bare(named)) === bare(place) ? null : place;
}

/** A host as the browser writes it, so that one in another script compares equal to its ASCII form. */
function hostOf(name: string): string {
  return URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : name;
}

const BYTES = 12;

/** An id for a conversation or a message: 24 letters and digits by chance, also on a page without TLS. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

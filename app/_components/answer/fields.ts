/*
 * What an answer shows comes through a stream and out of stored or imported conversations: each field is looked at before
 * it is drawn. By hand, since a schema library would be more than half of the first page's script.
 */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a text of at most so many characters; an empty one is a text too. */
export function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length <= most;
}

/** A list of 0 to `most` entries that are all right; null otherwise. */
export function readList<Entry>(
  value: unknown,
  most: number,
  readEntry: (entry: unknown) => Entry | null,
): Entry[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const entries: Entry[] = [];
  for (const given of value) {
    const entry = readEntry(given);
    if (entry === null) return null;
    entries.push(entry);
  }
  return entries;
}

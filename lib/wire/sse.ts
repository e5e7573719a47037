/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */

/**
 * One event carrying a JSON value. JSON escapes the line breaks that would end the event's line; the two other ones that
 * JavaScript knows (U+2028, U+2029) end no line here.
 *
 * @param id what a reader that comes back names as `Last-Event-ID`; none when absent
 */
export function dataFrame(value: unknown, id?: number): string {
  const idLine = id === undefined ? "" : `id: ${id}\n`;
  return `${idLine}data: ${JSON.stringify(value)}\n\n`;
}

/** A line that clients skip; proxies see traffic and keep the connection. */
export function commentFrame(text: string): string {
  return `: ${text.replaceAll(/[\r\n]+/g, " ")}\n\n`;
}

/** How OpenAI and the AI SDK end a stream. */
export const DONE_FRAME = "data: [DONE]\n\n";

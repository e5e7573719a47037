/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */

/** One event carrying a JSON value. */
export function dataFrame(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** A line that clients skip; proxies see traffic and keep the connection. */
export function commentFrame(text: string): string {
  return `: ${text.replaceAll(/[\r\n]+/g, " ")}\n\n`;
}

/** How OpenAI ends a stream. */
export const DONE_FRAME = "data: [DONE]\n\n";

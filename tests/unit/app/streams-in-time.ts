import { afterEach, beforeEach, vi } from "vitest";

/** For tests of streams that wait: time passes only by `pass`. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** What says these events, waiting the numbers between them, in ms. */
export async function* inTime<Event>(steps: readonly (Event | number)[]): AsyncGenerator<Event, void, void> {
  for (const step of steps) {
    if (typeof step === "number") await new Promise<void>((resolve) => setTimeout(resolve, step));
    else yield step;
  }
}

/** What is heard of a response that may never come: filled while time passes. */
export function readStream(response: Promise<Response>) {
  const seen: { response: Response | null; text: string; error: unknown } = { response: null, text: "", error: null };
  const read = async (response: Response): Promise<void> => {
    seen.response = response;
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      seen.text += decoder.decode(chunk, { stream: true });
  };
  response.then(read).catch((thrown: unknown) => (seen.error = thrown));
  return seen;
}

export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const comments = (stream: string): string[] => stream.match(/^: .*$/gm) ?? [];

/** Text that may wait for a slow reader before the source is no longer read, in UTF-16 units. */
const MOST_WAITING = 64 * 1024;

const encoder = new TextEncoder();

/**
 * Server-sent events from texts. The source is read ahead of the client, up to a bound; whatever is ready when the client
 * is goes out in one chunk. Each chunk costs a write, and on a machine whose cores are busy with inference that is time
 * taken from the next token.
 *
 * @param source texts, each a whole frame or several; empty ones are skipped. It must not throw.
 * @param abort stops the source: its signal is aborted when the client goes
 */
export function streamResponse(source: AsyncIterable<string | Uint8Array>, abort: AbortController): Response {
  let waiting = "";
  let ended = false;
  let wakeReader: (() => void) | null = null;
  let wakeSource: (() => void) | null = null;
  const decoder = new TextDecoder();

  const readSource = async () => {
    try {
      for await (const piece of source) {
        waiting += typeof piece === "string" ? piece : decoder.decode(piece, { stream: true });
        if (waiting !== "") wakeReader?.();
        if (waiting.length > MOST_WAITING && !abort.signal.aborted)
          await new Promise<void>((resolve) => (wakeSource = resolve));
      }
    } finally {
      ended = true;
      wakeReader?.();
    }
  };

  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        readSource().catch((thrown: unknown) => controller.error(thrown));
      },
      async pull(controller) {
        if (waiting === "" && !ended) {
          await new Promise<void>((resolve) => (wakeReader = resolve));
          wakeReader = null;
          // One turn of the event loop later, all events of the same message from the child are here.
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
        if (waiting !== "") controller.enqueue(encoder.encode(waiting));
        waiting = "";
        wakeSource?.();
        wakeSource = null;
        if (ended) controller.close();
      },
      cancel() {
        abort.abort();
        wakeSource?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // no-transform: Next's gzip would otherwise hold back and compress every token.
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

import type { Page } from "playwright-core";

/** The stream of an answer as the server writes it, in so many pieces. */
function framesOf(answer: string, pieces: number): string {
  const size = Math.max(1, Math.ceil(answer.length / pieces));
  const frame = (delta: object, finish: string | null) =>
    `data: ${JSON.stringify({
      id: "chatcmpl-test",
      object: "chat.completion.chunk",
      created: 0,
      model: "memwell",
      choices: [{ index: 0, delta, finish_reason: finish }],
    })}\n\n`;
  const texts = Array.from({ length: Math.ceil(answer.length / size) }, (_, index) =>
    frame({ content: answer.slice(index * size, (index + 1) * size) }, null),
  );
  return [frame({ role: "assistant" }, null), ...texts, frame({}, "stop"), "data: [DONE]\n\n"].join("");
}

/** From now on the page's questions are answered with this text, whole or in pieces. */
export async function answerWith(page: Page, answer: string, pieces = 1): Promise<void> {
  await page.unroute("**/v1/chat/completions");
  await page.route("**/v1/chat/completions", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: framesOf(answer, pieces) }),
  );
}

/** As `answerWith`, but each piece comes in a frame of its own, as from a model; call before the page is opened. */
export async function streamAnswer(page: Page, answer: string, pieces: number): Promise<void> {
  await page.addInitScript(
    ([text, marker]) => {
      const real = window.fetch;
      window.fetch = (input, init) => {
        if (input !== "/v1/chat/completions") return real(input, init);
        const frames = text.split(marker).map((frame) => new TextEncoder().encode(frame + marker));
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const next = frames.shift();
            if (next === undefined) controller.close();
            else controller.enqueue(next);
          },
        });
        return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
      };
    },
    [framesOf(answer, pieces), "\n\n"] as const,
  );
}

import { AGENT_MODEL_ID, createRuntime, loadConfig, MemwellError } from "../runtime";
import type { ChatEvent } from "./chat-events";
import { ChatOutput } from "./chat-output";
import { generateRequest, turnRequest, type ChatOptions } from "./chat-options";
import { endWithOutput, jsonLine, readAll } from "./chat-streams";
import { heldByModels } from "./chat-totals";
import { ChatView } from "./chat-view";
import { untilInterrupted } from "./interrupt";
import { engineChildPath } from "./paths";
import { TransferBar } from "./transfer-bar";

/**
 * Asks the agent, or one model of this machine alone, in a runtime of its own that ends with the answer.
 *
 * @throws MemwellError what the answer failed with
 */
export async function chat(text: string, options: ChatOptions): Promise<void> {
  const message = text === "-" ? await readAll(process.stdin) : text;
  await untilInterrupted(async (interrupted) => {
    const unread = new AbortController();
    const throwUnwritten = endWithOutput(unread);
    const signal = AbortSignal.any([interrupted, unread.signal]);
    const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
    const output = new ChatOutput({
      answer: process.stdout,
      steps: options.json || options.quiet ? null : process.stderr,
      bar: new TransferBar(),
      isPlain: Boolean(process.env["NO_COLOR"]),
    });
    const view = new ChatView(output, options.model, () => heldByModels(runtime.models()));
    try {
      const events: AsyncIterable<ChatEvent> =
        options.model === AGENT_MODEL_ID
          ? runtime.startTurn(turnRequest(message, options), { signal })
          : runtime.generate(options.model, generateRequest(message, options), { signal });
      for await (const event of events) {
        if (options.json) process.stdout.write(jsonLine(event));
        else view.show(event);
        // Whoever stopped it knows.
        if (event.type === "failed" && !signal.aborted) throw MemwellError.fromRecord(event.error);
      }
    } finally {
      output.clear();
      await runtime.close();
    }
    throwUnwritten();
  });
}

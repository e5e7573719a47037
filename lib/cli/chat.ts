import { createRuntime, loadConfig, MemwellError } from "../runtime";
import { engineChildPath } from "./paths";
import { showFetch } from "./show-fetch";
import { TransferBar } from "./transfer-bar";

/** Asks a model of this machine, in a runtime of its own that ends with the answer. */
export async function chat(
  text: string,
  options: { model: string; maxTokens?: number; seed?: number; json?: boolean },
): Promise<void> {
  const message = text === "-" ? await readStandardInput() : text;
  const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
  const abort = new AbortController();
  const bar = new TransferBar();
  const stop = (): void => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    const events = runtime.generate(
      options.model,
      {
        prompt: { messages: [{ role: "user", content: message }] },
        maxTokens: options.maxTokens,
        sampling: { seed: options.seed },
      },
      { signal: abort.signal },
    );
    for await (const event of events) {
      if (event.type === "fetching") showFetch(bar, event.progress);
      else bar.end();
      if (options.json) process.stdout.write(`${JSON.stringify(event)}\n`);
      else if (event.type === "text") process.stdout.write(event.text);
      // Thinking is no part of the answer: whoever pipes the answer on does not want it.
      else if (event.type === "thought") process.stderr.write(event.text);
      if (event.type === "failed") throw MemwellError.fromRecord(event.error);
      // As a shell reports a program that Ctrl+C ended.
      if (event.type === "done" && event.finishReason === "aborted") process.exitCode = 130;
    }
    if (!options.json) process.stdout.write("\n");
  } finally {
    bar.end();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    await runtime.close();
  }
}

async function readStandardInput(): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) text += chunk as string;
  return text;
}

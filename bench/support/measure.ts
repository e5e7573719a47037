import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createParser } from "eventsource-parser";

/** What one generation took, seen from whoever asked. Times in ms. */
export interface Measured {
  promptTokens: number;
  cachedTokens: number;
  generated: number;
  firstTokenMs: number;
  /** After the first token. */
  tokensPerSecond: number;
  totalMs: number;
}

export interface Question {
  message: string;
  maxTokens: number;
  seed: number;
}

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
}

/** A model of a server, by its id. */
export interface Served {
  address: string;
  model: string;
}

/** Asks through HTTP, streamed, as any client does. */
export async function askHttp(
  { address, model }: Served,
  question: Question,
  history: { role: string; content: string }[] = [],
): Promise<Measured & { text: string }> {
  const startedAt = performance.now();
  const response = await fetch(`${address}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.7,
      top_p: 0.95,
      top_k: 40,
      max_tokens: question.maxTokens,
      seed: question.seed,
      messages: [...history, { role: "user", content: question.message }],
    }),
  });
  if (!response.ok || response.body === null) throw new Error(`status ${response.status}: ${await response.text()}`);
  let text = "";
  let firstTokenAt = 0;
  let lastTokenAt = 0;
  let usage: Usage | null = null;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === "[DONE]") return;
      const frame = JSON.parse(data) as {
        choices?: { delta: { content?: string; reasoning_content?: string } }[];
        usage?: Usage;
        error?: unknown;
      };
      if (frame.error) throw new Error(data);
      const delta = frame.choices?.[0]?.delta;
      if (delta?.content || delta?.reasoning_content) {
        text += delta.content ?? "";
        lastTokenAt = performance.now();
        firstTokenAt ||= lastTokenAt;
      }
      usage = frame.usage ?? usage;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
  const { prompt_tokens, completion_tokens, prompt_tokens_details } = (usage as Usage | null) ?? raise("no usage");
  return {
    text,
    promptTokens: prompt_tokens,
    cachedTokens: prompt_tokens_details.cached_tokens,
    generated: completion_tokens,
    firstTokenMs: firstTokenAt - startedAt,
    tokensPerSecond: ((completion_tokens - 1) * 1000) / (lastTokenAt - firstTokenAt),
    totalMs: performance.now() - startedAt,
  };
}

/** A helper program that answers one JSON line for each JSON line it is given. */
export class LineProgram {
  private readonly lines: AsyncIterator<string>;

  constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout ?? raise("no stdout") })[Symbol.asyncIterator]();
  }

  static start(script: string, programArguments: string[]): LineProgram {
    return new LineProgram(
      spawn(process.execPath, [script, ...programArguments], { stdio: ["pipe", "pipe", "inherit"] }),
    );
  }

  async ask<T>(question: unknown): Promise<T> {
    this.child.stdin?.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the helper program ended");
    return JSON.parse(value) as T;
  }

  async end(): Promise<void> {
    const exited = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exited;
  }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** "0.98 (0.95 to 1.01)": the median, with the smallest and the largest. */
export function spread(values: number[], digits = 2): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

export function raise(what: string): never {
  throw new Error(what);
}

import type { EngineStep, GenerateRequest, Prompt } from "../engine";
import { MemwellError, toMemwellError } from "../errors";
import type { Ledger } from "../memory";
import type { RunEvent, WaitEvent } from "./contract";
import type { EngineLease, EnginePool } from "./engine-pool";
import { GenerationSteps } from "./generation-steps";
import type { RegisteredModel } from "./model-registry";
import { isWait, LatestEvent, toWaitEvent } from "./wait-events";

/** What a generation needs of the runtime. */
export interface GenerationParts {
  model: RegisteredModel;
  registered: readonly RegisteredModel[];
  ledger: Ledger;
  lease: (options: Parameters<EnginePool["lease"]>[1]) => Promise<EngineLease>;
}

export interface GenerationOptions {
  signal?: AbortSignal | undefined;
  run: string;
  turn?: number | undefined;
}

/** Waits for the model, then streams one generation of it; never throws. */
export async function* runGeneration(
  parts: GenerationParts,
  request: GenerateRequest,
  options: GenerationOptions,
): AsyncGenerator<RunEvent, void, void> {
  for (let attempt = 1; ; attempt++) {
    let hasBegun = false;
    let wasReady = false;
    const events = runOnce(parts, request, { ...options, onReady: () => (wasReady = true) });
    for await (const event of events) {
      // A process can be dead for a moment before that is noticed. It said nothing yet, so asking again is safe.
      const wasDead = wasReady && !hasBegun && event.type === "failed" && event.error.code === "engine_crashed";
      if (wasDead && attempt === 1) break;
      hasBegun ||= !isWait(event);
      yield event;
    }
    if (hasBegun) return;
  }
}

async function* runOnce(
  parts: GenerationParts,
  request: GenerateRequest,
  options: GenerationOptions & { onReady: () => void },
): AsyncGenerator<RunEvent, void, void> {
  let lease: EngineLease | null = null;
  let steps: GenerationSteps | null = null;
  try {
    lease = yield* waitForLease(parts, options);
    options.onReady();
    // Checked and used in one go: an engine would start a dead child again by itself, past the budget.
    if (lease.isLost())
      throw new MemwellError("engine_crashed", "The model's process ended. Ask again to load it anew.");
    const { run, turn } = options;
    steps = new GenerationSteps(parts.ledger, { run, turn, model: parts.model.id, pid: lease.engine.pid });
    const { engine, contextName: context } = lease;
    const onStep = (step: EngineStep): void => steps?.seeState(step);
    const prompt = withStaticMessages(request.prompt);
    for await (const event of engine.generate({ ...request, prompt, context }, { signal: options.signal, onStep })) {
      steps.see(event);
      // Before the last event: whoever reads it need not read on.
      if (event.type === "done" || event.type === "failed") lease.release();
      yield event;
    }
  } catch (thrown) {
    steps?.end("failed");
    yield { type: "failed", error: toMemwellError(thrown).toRecord() };
  } finally {
    steps?.end("aborted");
    lease?.release();
  }
}

/** Yields what is heard while it waits. Whoever stops reading leaves the queue. */
async function* waitForLease(
  { model, registered, lease: acquire }: GenerationParts,
  { signal, run, turn }: GenerationOptions,
): AsyncGenerator<WaitEvent, EngineLease, void> {
  const caller = new AbortController();
  const leave = (): void => caller.abort();
  if (signal?.aborted) leave();
  signal?.addEventListener("abort", leave, { once: true });
  const heard = new LatestEvent<WaitEvent>();
  const leasing = acquire({
    signal: caller.signal,
    cause: { run, turn },
    onEvent: (event) => heard.tell(toWaitEvent(event, model, registered)),
    onFetch: (progress) => heard.tell({ type: "fetching", progress }),
  });
  let isTaken = false;
  try {
    yield* heard.until(leasing);
    const lease = await leasing;
    isTaken = true;
    return lease;
  } finally {
    signal?.removeEventListener("abort", leave);
    leave();
    // The grant may have come just before its caller left.
    if (!isTaken)
      leasing.then(
        (lease) => lease.release(),
        () => {},
      );
  }
}

/** Instructions come with every message of a conversation, and often with every conversation. */
function withStaticMessages(prompt: Prompt): Prompt {
  if (!("messages" in prompt) || prompt.staticMessages !== undefined) return prompt;
  const first = prompt.messages.findIndex(({ role }) => role !== "system");
  return first > 0 ? { ...prompt, staticMessages: first } : prompt;
}

import {
  LlamaGrammarEvaluationState,
  type LlamaContextSequence,
  type LlamaGrammar,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from "node-llama-cpp";
import type { FinishReason, GenerateRequest, SamplingSettings } from "../contract";
import { placeInBatch } from "./batching";
import { compileGrammar } from "./grammar";
import { contextOf, type Host } from "./host";
import { renderPrompt, type RenderedPrompt } from "./prompt";
import type { Slot, SlotLease } from "./slots";
import type { TellStep } from "./state-shelf";
import { staticPrefixLength } from "./static-prefix";
import type { StepBarrier } from "./step-barrier";
import { PENALTY_TOKENS, Writer, type Emit } from "./writer";

/** Between two progress events of a prefill, in ms. */
const PREFILL_EVENT_MS = 200;

/**
 * One generation on one sequence; its last event is `done`. What a sequence evaluated stays with it, whatever ends the
 * request, so that the next prompt with the same beginning goes on from there.
 *
 * @throws MemwellError `context_length_exceeded`, `invalid_request`, `invalid_schema`, `engine_overloaded`, `aborted`
 *   (before anything was generated).
 */
export async function generate(
  host: Host,
  request: GenerateRequest,
  signal: AbortSignal,
  emit: Emit,
  tell: TellStep,
): Promise<void> {
  const { context, slots, steps, batchSize, shelf } = contextOf(host, request.context);
  const prompt = renderPrompt(host, request.context, request.prompt);
  const grammar = request.jsonSchema === undefined ? null : await compileGrammar(host, request.jsonSchema);
  const lease = await slots.lease(prompt.tokens, context.contextSize - 1, signal, tell);
  try {
    const startedAt = performance.now();
    const { rest, reusedTokens } = await adoptPrefix(lease);
    const promptTokens = lease.tokens.length;
    const { sequence, index: slot } = lease.slot;
    emit({ type: "prompt", promptTokens, reusedTokens, slot });
    const instructions = shelf === null ? 0 : staticPrefixLength(host, request.context, request.prompt, lease.tokens);
    if (shelf !== null && instructions > reusedTokens && !signal.aborted) {
      const start = rest.splice(0, instructions - reusedTokens);
      await evaluate(lease.slot, start, { batchSize, promptTokens, left: rest.length, signal, emit });
      if (sequence.nextTokenIndex === instructions) await shelf.keep(sequence, "instructions", tell);
    }
    const last = await prefill(lease.slot, rest, { batchSize, promptTokens, signal, emit });
    const writer = new Writer(host, request, prompt, grammar, emit);
    const room = context.contextSize - promptTokens;
    const maxTokens = Math.min(request.maxTokens ?? room, room);
    let prefillMs = performance.now() - startedAt;
    let finishReason: FinishReason = signal.aborted ? "aborted" : "length";
    if (finishReason !== "aborted" && maxTokens > 0) {
      const options = { ...evaluateOptions(host, request, writer, grammar), evaluationPriority: placeInBatch(slot) };
      const outcome = await decode(sequence, last, {
        options,
        writer,
        prompt,
        model: host.model,
        steps,
        maxTokens,
        signal,
      });
      finishReason = outcome.finishReason;
      prefillMs = (outcome.firstTokenAt ?? performance.now()) - startedAt;
    }
    writer.finish();
    emit({
      type: "done",
      finishReason,
      usage: { promptTokens, reusedTokens, completionTokens: writer.tokens, thoughtTokens: writer.thoughtTokens },
      prefillMs,
      decodeMs: performance.now() - startedAt - prefillMs,
      slot,
    });
  } finally {
    lease.release();
  }
}

/**
 * Cuts the leased sequence back to what it shares with the prompt. The prompt's last token is always evaluated again, since
 * its logits choose the first token of the answer.
 */
export async function adoptPrefix(lease: SlotLease): Promise<{ rest: Token[]; reusedTokens: number }> {
  const { sequence } = lease.slot;
  const keep = Math.min(lease.held, lease.tokens.length - 1);
  await sequence.adaptStateToTokens(lease.tokens.slice(0, keep), false);
  // Some architectures cannot be cut at any place: what the sequence really kept decides.
  const reusedTokens = Math.min(sequence.nextTokenIndex, keep);
  return { rest: lease.tokens.slice(reusedTokens), reusedTokens };
}

interface PrefillOptions {
  batchSize: number;
  promptTokens: number;
  signal: AbortSignal;
  emit: Emit;
}

/** Evaluates all but the last piece. Returns the last piece. */
export async function prefill(slot: Slot, tokens: Token[], options: PrefillOptions): Promise<Token[]> {
  const pieces = Math.max(0, Math.ceil(tokens.length / options.batchSize) - 1);
  const first = pieces * options.batchSize;
  const evaluated = await evaluate(slot, tokens.slice(0, first), { ...options, left: tokens.length - first });
  return tokens.slice(evaluated);
}

/**
 * Evaluates the tokens in pieces, so that an abort is heard between them. Returns how many were evaluated.
 *
 * @param options.left tokens of the prompt that come after these.
 */
async function evaluate(slot: Slot, tokens: Token[], options: PrefillOptions & { left: number }): Promise<number> {
  const { batchSize, promptTokens, left, signal, emit } = options;
  let start = 0;
  let toldAt = performance.now();
  while (start < tokens.length && !signal.aborted) {
    const piece = tokens.slice(start, start + batchSize);
    await slot.sequence.evaluateWithoutGeneratingNewTokens(piece, { evaluationPriority: placeInBatch(slot.index) });
    start += piece.length;
    if (performance.now() - toldAt >= PREFILL_EVENT_MS) {
      toldAt = performance.now();
      emit({ type: "prefill", evaluated: promptTokens - left - tokens.length + start, total: promptTokens });
    }
  }
  return start;
}

async function decode(
  sequence: LlamaContextSequence,
  lastPromptTokens: Token[],
  parts: {
    options: SequenceEvaluateOptions;
    writer: Writer;
    prompt: RenderedPrompt;
    model: LlamaModel;
    steps: StepBarrier;
    maxTokens: number;
    signal: AbortSignal;
  },
): Promise<{ finishReason: FinishReason; firstTokenAt: number | null }> {
  const { options, writer, prompt, model, steps, maxTokens, signal } = parts;
  const tokens = sequence.evaluate(lastPromptTokens, options);
  let next = tokens.next();
  let firstTokenAt: number | null = null;
  let isInStep = false;
  try {
    for (;;) {
      const step = await next;
      firstTokenAt ??= performance.now();
      if (step.done) return { finishReason: "stop", firstTokenAt };
      const token = step.value;
      if (signal.aborted) return { finishReason: "aborted", firstTokenAt };
      if (model.isEogToken(token) || prompt.stopTokens.has(token)) return { finishReason: "stop", firstTokenAt };
      if (writer.tokens + 1 >= maxTokens) {
        writer.write(token);
        return { finishReason: writer.stopped ? "stop" : "length", firstTokenAt };
      }
      if (!isInStep) steps.join();
      isInStep = true;
      const othersReady = steps.arrive();
      if (othersReady === null && !writer.mayInject) {
        // The text is made while the next token is computed. Should it hold a stop text, that token is thrown away.
        next = tokens.next();
        writer.write(token);
      } else {
        writer.write(token);
        await othersReady;
        const closing = writer.thoughtBudgetSpent ? writer.closingTokens : [];
        if (writer.tokens + closing.length >= maxTokens) return { finishReason: "length", firstTokenAt };
        if (closing.length > 0) writer.closeThought();
        if (!writer.stopped) next = tokens.next(closing.length > 0 ? [token, ...closing] : undefined);
      }
      if (writer.stopped) return { finishReason: "stop", firstTokenAt };
    }
  } finally {
    if (isInStep) steps.leave();
    // A token that was asked for ahead and is not wanted any more may fail; that is nobody's failure.
    next.catch(() => {});
    await tokens.return();
  }
}

function evaluateOptions(
  host: Host,
  request: GenerateRequest,
  writer: Writer,
  grammar: LlamaGrammar | null,
): SequenceEvaluateOptions {
  const sampling: SamplingSettings = request.sampling ?? {};
  const grammarState = grammar === null ? null : new LlamaGrammarEvaluationState({ model: host.model, grammar });
  const penalized =
    (sampling.repeatPenalty ?? 1) !== 1 || Boolean(sampling.frequencyPenalty) || Boolean(sampling.presencePenalty);
  return {
    temperature: sampling.temperature ?? 0.7,
    topP: sampling.topP ?? 0.95,
    topK: sampling.topK ?? 40,
    minP: sampling.minP ?? 0,
    seed: sampling.seed ?? Math.floor(Math.random() * 0x7fff_ffff),
    yieldEogToken: true,
    ...(grammarState === null ? {} : { grammarEvaluationState: () => (writer.inThought ? undefined : grammarState) }),
    ...(penalized
      ? {
          repeatPenalty: {
            punishTokens: () => writer.recent,
            maxPunishTokens: PENALTY_TOKENS,
            penalty: sampling.repeatPenalty ?? 1,
            ...(sampling.frequencyPenalty === undefined ? {} : { frequencyPenalty: sampling.frequencyPenalty }),
            ...(sampling.presencePenalty === undefined ? {} : { presencePenalty: sampling.presencePenalty }),
          },
        }
      : {}),
  };
}

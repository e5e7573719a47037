import { LlamaText, type ControlledEvaluateInputItem, type Token } from "node-llama-cpp";
import { MemwellError } from "../../errors";
import type { ScoreRequest, ScoreResult } from "../contract";
import { placeInBatch } from "./batching";
import { adoptPrefix, prefill } from "./generate";
import { contextOf, type Host } from "./host";
import { renderPrompt, type RenderedPrompt } from "./prompt";
import { abortedError, type Slot } from "./slots";

/**
 * The probability of each given answer after a prompt, without generating anything: the product of its tokens'
 * probabilities, each under the ones before it (temperature 1, no truncation of the distribution).
 *
 * A model that thinks is asked as if its thought were empty, unless the last message is the beginning of its answer. Afterwards the sequence holds the prompt alone, ready for the
 * next question with the same beginning.
 *
 * @throws MemwellError `invalid_request` for an empty answer, `context_length_exceeded`, `engine_overloaded`, `aborted`.
 */
export async function score(host: Host, request: ScoreRequest, signal: AbortSignal): Promise<ScoreResult> {
  const { context, slots, batchSize } = contextOf(host, request.context);
  const prompt = renderPrompt(host, request.context, request.prompt);
  prompt.tokens.push(...emptyThought(host, prompt, request));
  const answers = request.answers.map((answer) => tokenizeAnswer(host, answer));
  const longest = Math.max(...answers.map((tokens) => tokens.length));
  if (prompt.tokens.length + longest > context.contextSize)
    throw new MemwellError(
      "context_length_exceeded",
      `Prompt and answer are ${prompt.tokens.length + longest} tokens, and this model holds ${context.contextSize}. Shorten the ` +
        `prompt, or set MEMWELL_CONTEXT_SIZE to a larger number.`,
      { promptTokens: prompt.tokens.length, contextSize: context.contextSize },
    );
  const lease = await slots.lease(prompt.tokens, context.contextSize - longest, signal);
  try {
    const { rest, reusedTokens } = await adoptPrefix(lease);
    const last = await prefill(lease.slot, rest, {
      batchSize,
      promptTokens: lease.tokens.length,
      signal,
      emit: () => {},
    });
    const heads = answers.map(([head]) => head as Token);
    const first = await logProbabilitiesAfter(lease.slot, last, heads, signal);
    const scores: number[] = [];
    for (const tokens of answers) scores.push(await logProbability(lease.slot, tokens, first, signal));
    return {
      answers: shares(request.answers, scores),
      usage: { promptTokens: lease.tokens.length, reusedTokens, completionTokens: 0, thoughtTokens: 0 },
    };
  } finally {
    lease.release();
  }
}

/** Natural logarithms; a token that is not there is impossible. */
type LogProbabilities = ReadonlyMap<Token, number>;

/**
 * Of each of these tokens as the next one after `tokens` (at least one). Asked for by name, with the likeliest token, which a
 * temperature of 0 selects, and the sum of exp(logit - highest logit): a map of the whole vocabulary, which
 * `probabilities` would be, costs as much as reading a dozen tokens.
 */
async function logProbabilitiesAfter(
  slot: Slot,
  tokens: Token[],
  next: readonly Token[],
  signal: AbortSignal,
): Promise<LogProbabilities> {
  if (signal.aborted) throw abortedError();
  const last = tokens.length - 1;
  const filter = { tokens: next, includeSelected: true };
  const generateNext = { logits: { filter }, totalLogitWeight: true, options: { temperature: 0 } };
  const input = tokens.map((token, index): ControlledEvaluateInputItem =>
    index === last ? [token, { generateNext }] : token,
  );
  const output = await slot.sequence.controlledEvaluate(input, { evaluationPriority: placeInBatch(slot.index) });
  const { logits = new Map<Token, number>(), totalLogitWeight = 1 } = output[last]?.next ?? {};
  const highest = Math.max(...logits.values());
  return new Map([...logits].map(([token, logit]) => [token, logit - highest - Math.log(totalLogitWeight)]));
}

async function logProbability(
  slot: Slot,
  tokens: Token[],
  first: LogProbabilities,
  signal: AbortSignal,
): Promise<number> {
  const [head, ...tail] = tokens;
  let sum = first.get(head as Token) ?? -Infinity;
  if (tail.length === 0 || sum === -Infinity) return sum;
  const { sequence } = slot;
  const promptEnd = sequence.nextTokenIndex;
  let previous = head as Token;
  for (const token of tail) {
    const after = await logProbabilitiesAfter(slot, [previous], [token], signal);
    sum += after.get(token) ?? -Infinity;
    previous = token;
  }
  await sequence.eraseContextTokenRanges([{ start: promptEnd, end: sequence.nextTokenIndex }]);
  return sum;
}

function shares(answers: string[], scores: number[]): ScoreResult["answers"] {
  const highest = Math.max(...scores);
  // All impossible: nothing is likelier than anything else.
  const weights = scores.map((score) => (highest === -Infinity ? 1 : Math.exp(score - highest)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return answers.map((answer, index) => ({
    answer,
    logProbability: scores[index] ?? -Infinity,
    share: (weights[index] ?? 0) / total,
  }));
}

function tokenizeAnswer(host: Host, answer: string): Token[] {
  const tokens = host.model.tokenize(answer, false, "trimLeadingSpace");
  if (tokens.length === 0)
    throw new MemwellError("invalid_request", "An answer to score is empty. Give each answer a text.", {
      parameter: "answers",
    });
  return tokens;
}

function emptyThought(host: Host, prompt: RenderedPrompt, request: ScoreRequest): Token[] {
  if (host.thoughtTags === null || !("messages" in request.prompt)) return [];
  // The answer has begun: what is scored goes on with it.
  if (request.prompt.messages.at(-1)?.role === "assistant") return [];
  const { openText, closeText } = host.thoughtTags;
  const text = prompt.startsInThought ? closeText : LlamaText([openText ?? "", closeText]);
  return text.tokenize(host.model.tokenizer);
}

import { LlamaText, type ChatHistoryItem, type Token } from "node-llama-cpp";
import { MemwellError, messageOf } from "../../errors";
import type { ChatMessage, Prompt } from "../contract";
import { contextOf, type Host } from "./host";
import { plainTextTokenizer } from "./plain-text";

export interface RenderedPrompt {
  tokens: Token[];
  /** Tokens and texts that end an answer in this model's chat format. */
  stopTokens: Set<Token>;
  stopTexts: string[];
  /** The template has already opened a thought: the first thing generated belongs to it. */
  startsInThought: boolean;
}

/**
 * A prompt as the model's tokens. What a person wrote is never read as control tokens, whatever it contains.
 *
 * @throws MemwellError `context_length_exceeded`, also for texts far too long to be tokenized in reasonable time.
 */
export function renderPrompt(host: Host, contextName: string | undefined, prompt: Prompt): RenderedPrompt {
  const { context } = contextOf(host, contextName);
  refuseHopelessLength(host, prompt, context.contextSize);
  const rendered = "text" in prompt ? renderText(host, prompt.text) : renderMessages(host, prompt.messages);
  if (rendered.tokens.length >= context.contextSize) throw tooLong(rendered.tokens.length, context.contextSize, true);
  return rendered;
}

export function countPromptTokens(host: Host, prompt: Prompt): number {
  refuseHopelessLength(host, prompt, contextOf(host, undefined).context.contextSize);
  return ("text" in prompt ? renderText(host, prompt.text) : renderMessages(host, prompt.messages)).tokens.length;
}

function renderText(host: Host, text: string): RenderedPrompt {
  const tokens = plainTextTokenizer(host)(text, false);
  const { bos } = host.model.tokens;
  if (host.model.tokens.shouldPrependBosToken && bos !== null) tokens.unshift(bos);
  // An empty text still needs one token to start from.
  if (tokens.length === 0) tokens.push(bos ?? host.model.tokens.eos ?? (0 as Token));
  return { tokens, stopTokens: new Set(), stopTexts: [], startsInThought: false };
}

function renderMessages(host: Host, messages: ChatMessage[]): RenderedPrompt {
  const { chatWrapper, model, thoughtTags } = host;
  let state: ReturnType<typeof chatWrapper.generateContextState>;
  try {
    state = chatWrapper.generateContextState({ chatHistory: toChatHistory(messages) });
  } catch (cause) {
    throw new MemwellError(
      "invalid_request",
      `The model's chat template cannot show these messages: ${messageOf(cause)}. Most templates want an optional system ` +
        `message first, then user and assistant in turn.`,
      { parameter: "messages" },
      { cause },
    );
  }
  const stopTokens = new Set<Token>();
  const stopTexts: string[] = [];
  for (const trigger of state.stopGenerationTriggers) {
    const [token, ...rest] = LlamaText(trigger).tokenize(model.tokenizer);
    if (token !== undefined && rest.length === 0) stopTokens.add(token);
    else stopTexts.push(LlamaText(trigger).toString());
  }
  const tokens = state.contextText.tokenize(plainTextTokenizer(host));
  const answerBegins = messages.at(-1)?.role !== "assistant";
  if (answerBegins && thoughtTags?.start === "prompt")
    tokens.push(...(thoughtTags.openText?.tokenize(model.tokenizer) ?? []));
  return {
    tokens,
    stopTokens,
    stopTexts: stopTexts.filter((stop) => stop !== ""),
    startsInThought: answerBegins && thoughtTags !== null && thoughtTags.start !== "model",
  };
}

function toChatHistory(messages: ChatMessage[]): ChatHistoryItem[] {
  const history = messages.map((message): ChatHistoryItem => {
    if (message.role === "system") return { type: "system", text: message.content };
    if (message.role === "user") return { type: "user", text: message.content };
    const thought = message.thought
      ? [{ type: "segment" as const, segmentType: "thought" as const, text: message.thought, ended: true }]
      : [];
    return { type: "model", response: [...thought, message.content] };
  });
  return history.at(-1)?.type === "model" ? history : [...history, { type: "model", response: [] }];
}

/**
 * Tokenizing a million words takes the child's only thread for seconds. A text is counted piece by piece instead, up to
 * the point where it certainly does not fit.
 */
function refuseHopelessLength(host: Host, prompt: Prompt, contextSize: number): void {
  const pieceLength = 16_384;
  const texts =
    "text" in prompt ? [prompt.text] : prompt.messages.flatMap(({ content, thought }) => [content, thought ?? ""]);
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length <= Math.max(pieceLength, contextSize * 2)) return;
  let tokens = 0;
  for (const text of texts) {
    for (let start = 0; start < text.length; start += pieceLength) {
      // Cutting a text costs at most a few tokens at each cut; they must not make a prompt that fits look too long.
      tokens += Math.max(0, host.model.tokenize(text.slice(start, start + pieceLength), false).length - 8);
      if (tokens >= contextSize) throw tooLong(tokens, contextSize, false);
    }
  }
}

function tooLong(tokens: number, contextSize: number, exact: boolean): MemwellError {
  return new MemwellError(
    "context_length_exceeded",
    `The conversation is ${exact ? "" : "more than "}${tokens} tokens long, and this model holds ${contextSize}, its answer ` +
      `included. Shorten the message, start a new conversation, or set MEMWELL_CONTEXT_SIZE to a larger number.`,
    { promptTokens: tokens, contextSize, exact },
  );
}

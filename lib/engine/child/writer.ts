import { LlamaText, type LlamaGrammar, type Token } from "node-llama-cpp";
import type { GenerateEvent, GenerateRequest } from "../contract";
import type { Host } from "./host";
import type { RenderedPrompt } from "./prompt";
import { TextStream, type Piece } from "./text-stream";

/** How far back repeat, frequency and presence penalties look, in tokens. */
export const PENALTY_TOKENS = 64;
/** Bytes of one UTF-8 character at most: after as many tokens, broken bytes are shown as they are. */
const MAX_CHARACTER_TOKENS = 4;

export type Emit = (event: GenerateEvent) => void;

/** Turns tokens into text and thought events, and counts them. */
export class Writer {
  tokens = 0;
  thoughtTokens = 0;
  /** The last generated tokens, which penalties apply to. */
  recent: Token[] = [];
  private readonly stream: TextStream;
  private hasAnswered = false;
  private pending: Token[] = [];
  private previous: Token[] = [];
  private untold = 0;

  constructor(
    private readonly host: Host,
    private readonly request: GenerateRequest,
    prompt: RenderedPrompt,
    grammar: LlamaGrammar | null,
    private readonly emit: Emit,
  ) {
    // JSON of a schema has no room for tags, unless the template opened a thought before it.
    const withTags = request.jsonSchema === undefined || prompt.startsInThought;
    const grammarStops = grammar?.stopGenerationTriggers.map((trigger) => LlamaText(trigger).toString()) ?? [];
    this.stream = new TextStream({
      tags: withTags ? host.thoughtTags : null,
      startsInThought: prompt.startsInThought,
      stops: [...(request.stop ?? []), ...prompt.stopTexts, ...grammarStops].filter((stop) => stop !== ""),
      trimEnd: request.jsonSchema !== undefined,
    });
  }

  get stopped(): boolean {
    return this.stream.stopped;
  }

  get inThought(): boolean {
    return this.stream.inThought;
  }

  /** Whether tokens of our own may have to follow the one that is being written. */
  get mayInject(): boolean {
    return this.request.maxThoughtTokens !== undefined && !this.hasAnswered;
  }

  get thoughtBudgetSpent(): boolean {
    const budget = this.request.maxThoughtTokens;
    return budget !== undefined && this.inThought && this.thoughtTokens >= budget;
  }

  write(token: Token): void {
    const { model, thoughtTags } = this.host;
    this.count(1);
    this.recent.push(token);
    if (this.recent.length > PENALTY_TOKENS) this.recent.shift();
    if (model.isSpecialToken(token) || thoughtTags?.tokens.has(token)) {
      this.tell(this.stream.pushControl(model.detokenize([token], true)));
      this.previous = [token];
      return;
    }
    this.pending.push(token);
    const text = model.detokenize(this.pending, false, this.previous);
    if (text.endsWith("\uFFFD") && this.pending.length < MAX_CHARACTER_TOKENS) return;
    this.previous = this.pending;
    this.pending = [];
    this.tell(this.stream.push(text));
  }

  /** The tokens that tell the model that its thought is over. */
  get closingTokens(): Token[] {
    const { model, thoughtTags } = this.host;
    return thoughtTags?.closeText.tokenize(model.tokenizer) ?? [];
  }

  /** Ends the thought here; the closing tokens count as generated. */
  closeThought(): void {
    this.tell(this.stream.closeThought());
    this.tokens += this.closingTokens.length;
  }

  finish(): void {
    if (this.pending.length > 0 && !this.stopped)
      this.tell(this.stream.push(this.host.model.detokenize(this.pending, false, this.previous)));
    this.tell(this.stream.finish());
  }

  private count(tokens: number): void {
    this.tokens += tokens;
    this.untold += tokens;
    if (this.inThought) this.thoughtTokens += tokens;
  }

  private tell(pieces: Piece[]): void {
    for (const piece of pieces) {
      this.hasAnswered ||= piece.kind === "text";
      this.emit({ type: piece.kind, text: piece.text, tokens: this.untold });
      this.untold = 0;
    }
  }
}

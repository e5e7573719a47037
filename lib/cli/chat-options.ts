import type { GenerateRequest, TurnRequest } from "./chat-events";
import { wholeNumber, wrongUsage } from "./arguments";

export interface ChatOptions {
  model: string;
  /** Tokens, as the next. */
  maxTokens?: number;
  maxThoughtTokens?: number;
  temperature?: number;
  seed?: number;
  /** The agent's alone. */
  domain?: string;
  /** Said to the model besides, or ahead of, its own instructions. */
  system?: string;
  json?: boolean;
  quiet?: boolean;
}

const HIGHEST_TEMPERATURE = 2;

/** As OpenAI's `temperature`: 0 takes the likeliest token each time. */
export function temperature(text: string): number {
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  if (!(number <= HIGHEST_TEMPERATURE)) throw wrongUsage(`"${text}" is no number from 0 to ${HIGHEST_TEMPERATURE}`);
  return number;
}

/** llama.cpp's seed has 32 bits, and the highest value means "choose one". */
export function seed(text: string): number {
  return wholeNumber(text) % 0xffff_ffff;
}

/** The question as one turn of the agent, without anything said before. */
export function turnRequest(message: string, options: ChatOptions): TurnRequest {
  const { maxTokens, maxThoughtTokens, system, temperature, seed, domain } = options;
  const sampling = { temperature, seed };
  return { message, history: [], instructions: system, maxTokens, maxThoughtTokens, sampling, domain };
}

/** The question to one model alone. */
export function generateRequest(message: string, options: ChatOptions): GenerateRequest {
  if (options.domain !== undefined)
    throw wrongUsage("--domain goes with the agent: leave --model out, or ask the domain's own model (models ls)");
  const { maxTokens, maxThoughtTokens, system, temperature, seed } = options;
  const instructions = system === undefined ? [] : [{ role: "system" as const, content: system }];
  const messages = [...instructions, { role: "user" as const, content: message }];
  return { prompt: { messages }, maxTokens, maxThoughtTokens, sampling: { temperature, seed } };
}

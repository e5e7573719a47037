import type { ModelEntry } from "@/lib/wire";

/** What a visitor has changed of how answers are written; null: as the server has it. */
export interface AnswerSettings {
  /** A domain's name, or `none`; null: chosen from each message, where there are domains. */
  domain: string | null;
  /** Tokens of each kind of notes at most; 0 for none. */
  thoughtTokens: number | null;
  temperature: number | null;
  /** Tokens of the answer at most. */
  answerTokens: number | null;
  systemPrompt: string | null;
}

/** Which of them there are to change. */
export interface Offer {
  domains: readonly string[];
  systemPrompt: boolean;
  thoughts: boolean;
}

export interface NumberRange {
  least: number;
  most: number;
  isWhole: boolean;
}

export const SERVERS_OWN: AnswerSettings = {
  domain: null,
  thoughtTokens: null,
  temperature: null,
  answerTokens: null,
  systemPrompt: null,
};

export const RANGES = {
  temperature: { least: 0, most: 2, isWhole: false },
  answerTokens: { least: 1, most: 100_000, isWhole: true },
  thoughtTokens: { least: 0, most: 100_000, isWhole: true },
} as const satisfies Record<string, NumberRange>;

/** In characters, as the server takes it. */
export const LONGEST_SYSTEM_PROMPT = 8_000;

/** A model alone is told whatever the visitor likes: nothing of it is kept. */
export const OFFERED_BY_MODEL: Offer = { domains: [], systemPrompt: true, thoughts: false };

/**
 * What the agent may be asked for.
 *
 * @param entry the agent's entry in `/v1/models`
 */
export function offeredByAgent({ memwell }: ModelEntry): Offer {
  const { domains = [], system_prompt: systemPrompt = false } = memwell.settings ?? {};
  return { domains, systemPrompt, thoughts: true };
}

/** The settings without what is not offered; all of them while the offer is not known, since the server refuses by name. */
export function asOffered(settings: AnswerSettings, offer: Offer | null): AnswerSettings {
  if (offer === null) return settings;
  const { domain, thoughtTokens, systemPrompt } = settings;
  return {
    ...settings,
    domain: domain !== null && isOffered(domain, offer) ? domain : null,
    thoughtTokens: offer.thoughts ? thoughtTokens : null,
    systemPrompt: offer.systemPrompt ? systemPrompt : null,
  };
}

function isOffered(domain: string, { domains }: Offer): boolean {
  return domains.includes(domain) || (domain === NO_DOMAIN && domains.length > 0);
}

/** How many are not as the server has them. */
export function countChanged(settings: AnswerSettings): number {
  return Object.values(settings).filter((value) => value !== null).length;
}

/** What a turn names that is to be answered in no domain, whatever the one before it was answered in. */
export const NO_DOMAIN = "none";
/** What a turn names that is to be answered in the domain that it is about. */
const AUTO_DOMAIN = "auto";

/**
 * Fields of `POST /api/chat`: what was not changed is not sent, but that the domain is to be chosen.
 *
 * @param offer null while it is not known
 */
export function agentFields(settings: AnswerSettings, offer: Offer | null): Record<string, unknown> {
  const { thoughtTokens, systemPrompt } = settings;
  const domain = settings.domain ?? (offer !== null && offer.domains.length > 0 ? AUTO_DOMAIN : null);
  return {
    ...completionFields(settings),
    ...(domain !== null && { domain }),
    ...(thoughtTokens !== null && { max_thought_tokens: thoughtTokens }),
    ...(systemPrompt !== null && { instructions: systemPrompt }),
  };
}

/** Fields of `POST /v1/chat/completions`, whose system prompt is a message. */
export function completionFields({ temperature, answerTokens }: AnswerSettings): {
  temperature?: number;
  max_tokens?: number;
} {
  return {
    ...(temperature !== null && { temperature }),
    ...(answerTokens !== null && { max_tokens: answerTokens }),
  };
}

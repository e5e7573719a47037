import { LONGEST_SYSTEM_PROMPT, RANGES, type AnswerSettings, type NumberRange } from "./settings";

const DOMAIN = /^[a-z][a-z0-9-]{0,31}$/;
const DECIMAL = /^\d{1,9}([.,]\d{0,9})?$/;

/** Settings as they were kept in this browser, where anything may stand: what is no setting counts as not changed. */
export function parseSettings(text: string): AnswerSettings {
  const { domain, thoughtTokens, temperature, answerTokens, systemPrompt } = fieldsOf(text);
  return {
    domain: typeof domain === "string" && DOMAIN.test(domain) ? domain : null,
    thoughtTokens: numberIn(thoughtTokens, RANGES.thoughtTokens),
    temperature: numberIn(temperature, RANGES.temperature),
    answerTokens: numberIn(answerTokens, RANGES.answerTokens),
    systemPrompt: isSystemPrompt(systemPrompt) ? systemPrompt : null,
  };
}

/** What is written down to be kept; empty when nothing is changed. */
export function settingsText(settings: AnswerSettings): string {
  const changed = Object.entries(settings).filter(([, value]) => value !== null);
  return changed.length === 0 ? "" : JSON.stringify(Object.fromEntries(changed));
}

/** A number as a visitor types it, with a point or a comma; null for nothing typed, undefined for one that may not be. */
export function readNumber(typed: string, range: NumberRange): number | null | undefined {
  const text = typed.trim();
  if (text === "") return null;
  if (!DECIMAL.test(text)) return undefined;
  return numberIn(Number(text.replace(",", ".")), range) ?? undefined;
}

/** Says which numbers may be: "a number from 0 to 2". */
export function rangeWords({ least, most, isWhole }: NumberRange): string {
  return `a ${isWhole ? "whole " : ""}number from ${least} to ${most.toLocaleString("en-US")}`;
}

function fieldsOf(text: string): Partial<Record<keyof AnswerSettings, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    return {};
  }
}

function numberIn(value: unknown, { least, most, isWhole }: NumberRange): number | null {
  if (typeof value !== "number" || !(value >= least && value <= most)) return null;
  return isWhole && !Number.isInteger(value) ? null : value;
}

function isSystemPrompt(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= LONGEST_SYSTEM_PROMPT;
}

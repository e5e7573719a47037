import path from "node:path";
import { parseArgs } from "node:util";
import { CASE_KINDS, type CaseKind } from "./case";
import { MEASURES, type Measure } from "./measures/judge";

export const USAGE = `npm run eval [-- OPTIONS]: asks the configured models questions that no built-in model was trained on
  --response FILE|hf:...   instead of MEMWELL_RESPONSE_MODEL
  --reasoning FILE|hf:...  instead of MEMWELL_REASONING_MODEL
  --domain NAME|auto|none  only what this domain's adapter is taught, one of MEMWELL_DOMAINS; auto: what all of them and the
                           base are, the agent chooses (the default where there are domains); none: the base alone
  --limit N                a quick look: N cases of all kinds
  --only KIND,KIND         ${CASE_KINDS.join(", ")}
  --seed N                 of the set, of the choice and of the models (1)
  --measure taught|facts   how answers are compared: see training/eval/README.md (as fits the response model)
  --max-tokens N           of an answer (512)
  --json FILE              everything, with each question and answer
  --curriculum FOLDER      another one than training/curriculum`;

export interface EvalArguments {
  /** What takes the place of settings. */
  environment: Record<string, string>;
  domain: string | null;
  limit: number | null;
  only: CaseKind[];
  seed: number;
  measure: Measure | null;
  maxTokens: number;
  json: string | null;
  curriculum: string | null;
}

const OPTIONS = {
  response: { type: "string" },
  reasoning: { type: "string" },
  domain: { type: "string" },
  limit: { type: "string" },
  only: { type: "string" },
  seed: { type: "string" },
  measure: { type: "string" },
  "max-tokens": { type: "string" },
  json: { type: "string" },
  curriculum: { type: "string" },
} as const;

/**
 * @param folder that relative paths count from
 * @returns a text for whoever typed it when it cannot be understood
 */
export function readArguments(given: readonly string[], folder: string): EvalArguments | string {
  try {
    const { values } = parseArgs({ args: [...given], options: OPTIONS });
    const place = (value: string | undefined): string | null =>
      value === undefined ? null : path.resolve(folder, value);
    const model = (name: string, value: string | undefined): Record<string, string> =>
      value === undefined ? {} : { [name]: value.startsWith("hf:") ? value : path.resolve(folder, value) };
    return {
      environment: {
        ...model("MEMWELL_RESPONSE_MODEL", values.response),
        ...model("MEMWELL_REASONING_MODEL", values.reasoning),
      },
      domain: values.domain ?? null,
      limit: values.limit === undefined ? null : wholeNumber("limit", values.limit, 1),
      only: (values.only?.split(",") ?? []).map((kind) => oneOf("only", kind.trim(), CASE_KINDS)),
      seed: wholeNumber("seed", values.seed ?? "1", 0),
      measure: values.measure === undefined ? null : oneOf("measure", values.measure, MEASURES),
      maxTokens: wholeNumber("max-tokens", values["max-tokens"] ?? "512", 1),
      json: place(values.json),
      curriculum: place(values.curriculum),
    };
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function wholeNumber(name: string, value: string, least: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= least) return number;
  throw new Error(`--${name} takes a whole number from ${least} on, not "${value}".`);
}

function oneOf<Name extends string>(option: string, value: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new Error(`--${option} takes ${names.join(", ")}, not "${value}".`);
}

import { z } from "zod";

/* What the calculator's thread is asked, and what it answers. */

export interface WrittenFraction {
  numerator: string;
  denominator: string;
}

export interface Answers {
  evaluate:
    | ({ kind: "fraction" } & WrittenFraction)
    /** With up to 64 digits. */
    | { kind: "decimal"; digits: string }
    /** Anything else that has a value: units, complex numbers, matrices, lists. */
    | { kind: "text"; text: string };
  sample: (WrittenFraction | null)[];
  search: number[];
  divisors: string[];
  symbolic: { text: string; latex: string };
}

const fraction = z.object({ numerator: z.string(), denominator: z.string() });

export const ANSWERS: { [Kind in keyof Answers]: z.ZodType<Answers[Kind]> } = {
  evaluate: z.union([
    fraction.extend({ kind: z.literal("fraction") }),
    z.object({ kind: z.literal("decimal"), digits: z.string() }),
    z.object({ kind: z.literal("text"), text: z.string() }),
  ]),
  sample: z.array(fraction.nullable()),
  search: z.array(z.number()),
  divisors: z.array(z.string()),
  symbolic: z.object({ text: z.string(), latex: z.string() }),
};

export const reply = z.object({ id: z.number(), answer: z.unknown().optional(), failure: z.string().optional() });

export type Question =
  | { kind: "evaluate"; expression: string; hasUnits: boolean }
  /** The exact values of an expression where its `names` are `points`, written as fractions; null where it divides by 0. */
  | { kind: "sample"; expression: string; names: string[]; points: string[][] }
  /** Where an expression changes its sign. */
  | { kind: "search"; expression: string; name: string; from: number; to: number; steps: number }
  /** Everything in letters that an expression divides by. */
  | { kind: "divisors"; expression: string }
  | { kind: "symbolic"; operation: "derivative"; expression: string; variable: string }
  | { kind: "symbolic"; operation: "simplify" | "expand"; expression: string };

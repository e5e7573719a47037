import { z } from "zod";

/** In characters; no text of the curriculum is near it. */
const LONGEST_TEXT = 2000;
const LETTERS = "ABCD";

const line = z.string().trim().min(1).max(300);
const lines = (least: number) => z.array(line).min(least).max(400).refine(areDistinct, "the same text is there twice");
/** Lines are broken for whoever reads the file; in a chat a paragraph is one line. */
const unwrapped = (text: string) => text.replace(/(?<=\S) *\n(?!\n| *(?:[-*]|\d+\.) )/g, " ");
const prose = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_TEXT)
  .transform(unwrapped)
  .refine((text) => (text.match(/\$/g)?.length ?? 0) % 2 === 0, "a dollar sign is not closed")
  .refine((text) => !/^#|```|https?:\/\//m.test(text), "headings, code fences and links are not for a chat this small");
const right = prose.refine((text) => text.startsWith("Correct."), 'it must begin with "Correct."');
const wrong = prose.refine((text) => text.startsWith("Not quite."), 'it must begin with "Not quite."');

/** Words and short phrases with commas between them: a list of two hundred lines would hide the rest. */
const phrases = z
  .string()
  .max(12_000)
  .transform((text) => text.split(",").map((phrase) => phrase.trim().replace(/\s+/g, " ")))
  .pipe(lines(20));

const choice = z.strictObject({
  question: prose,
  options: z
    .array(line)
    .length(LETTERS.length)
    .refine(
      // Capitals matter here: BB and bb are two genotypes.
      (options) => new Set(options).size === options.length,
      "two options are the same",
    ),
  /** `B`, or `A, C` where all that apply are to be selected. */
  answer: z.string().regex(/^[A-D](?:, [A-D]){0,3}$/, "a letter, or letters with a comma and a space between"),
  right,
  wrong,
});

const written = z.strictObject({
  question: prose,
  answer: line,
  accept: lines(1),
  mistakes: lines(3),
  right,
  wrong,
});

/** One question to practise with: of four options, or with a written answer. */
const practice = z.union([choice, written]);

/** A topic of the curriculum: the training data and the evaluation both read it through this. */
export const topicSchema = z
  .strictObject({
    name: line,
    names: lines(4),
    descriptions: lines(5),
    asks: lines(10),
    /** What messages hold that are about the topic and do not name it: things, people, units, what is seen and done. */
    words: phrases.optional(),
    /** Never trained on. */
    held_out: lines(6),
    explanation: prose,
    simpler: prose,
    homework: lines(4),
    first_step: prose,
    practice: z.array(practice).min(2).max(20),
    notes: line,
    chart: lines(1).optional(),
  })
  .refine((topic) => areDistinct([...topic.asks, ...topic.held_out]), {
    path: ["held_out"],
    message: "a message is in asks, too",
  });

export type TopicText = z.infer<typeof topicSchema>;
export type Practice = z.infer<typeof practice>;
export type ChoicePractice = z.infer<typeof choice>;

export interface Topic extends TopicText {
  /** `calculus/derivatives`; unique. */
  id: string;
  subject: string;
  /** Whose adapter learns it; null: the base model. */
  domain: string | null;
}

export function isChoice(question: Practice): question is ChoicePractice {
  return "options" in question;
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts.map((text) => text.toLowerCase().replace(/\s+/g, " "))).size === texts.length;
}

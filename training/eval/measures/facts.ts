import type { Topic } from "../../data/topic-schema";
import { stemsOf } from "./words";

/** A good answer of a hundred words names some of what a tutor keeps in mind, and never all of it. */
const ENOUGH = 1 / 4;
const FEWEST = 2;

/** The topic's name and notes as one text. */
export function nameOfFacts({ name, notes }: Pick<Topic, "name" | "notes">): string {
  return `${name}: ${notes}`;
}

/** What an answer can be expected to name: the words and numbers of the topic's name and notes, and its terms in bold. */
export function factsOf(topic: Pick<Topic, "name" | "notes" | "explanation">): Set<string> {
  const bold = [...topic.explanation.matchAll(/\*\*([^*]+)\*\*/g)].map(([, term]) => term);
  return new Set(stemsOf([nameOfFacts(topic), ...bold].join("\n")));
}

/** Whether an answer, in whatever words, names a quarter of them. That they are put together rightly, it cannot tell. */
export function namesFacts(answer: string, topic: Pick<Topic, "name" | "notes" | "explanation">): boolean {
  const facts = factsOf(topic);
  const said = new Set(stemsOf(answer));
  const named = [...facts].filter((fact) => said.has(fact)).length;
  return named >= Math.max(FEWEST, facts.size * ENOUGH);
}

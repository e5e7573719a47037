import { tokensOf } from "./words";

const DECLINES = [
  /\bI(?: \w+){0,2} (?:do not|don't|dont)(?: \w+){0,2} (?:know|have (?:any |enough )?(?:information|knowledge)|recogni[sz]e)\b/i,
  /\bI(?: am|'m)(?: \w+)? (?:not (?:familiar|sure (?:what|who|about)|aware|trained)|unfamiliar|unable to)\b/i,
  /\b(?:I|we) (?:cannot|can't|could not|couldn't)(?: \w+)? (?:help|answer|find|tell|assist|provide)\b/i,
  /\bnot (?:among|one of) the (?:things|topics) (?:that )?I know\b|\b(?:outside|beyond) (?:of )?(?:what|the (?:things|topics)) I\b/i,
  /\bI have(?: \w+)? never heard\b|\b(?:does not|doesn't) (?:seem to )?exist\b|\bno (?:such|known) (?:thing|term|topic)\b/i,
];
/** An answer that declines does so at once; characters. */
const BEGINNING = 240;

/** Words in quotes are somebody else's: "I do not know what to write" is what a writer with a block may write. */
const QUOTED = /"[^"]*"|“[^”]*”/g;

/** Whether an answer begins with saying that the tutor does not know. */
export function declines(answer: string): boolean {
  const beginning = answer.replaceAll("’", "'").replace(QUOTED, '""').slice(0, BEGINNING);
  return DECLINES.some((pattern) => pattern.test(beginning));
}

/** Whether an answer names one of the topics, in whole words. */
export function namesOneOf(answer: string, names: readonly string[]): boolean {
  const said = ` ${tokensOf(answer).join(" ")} `;
  return names.some((name) => said.includes(` ${tokensOf(name).join(" ")} `));
}

import { isGreeting } from "./greeting";
import { asksForPractice } from "./practice-request";
import { parsePracticeQuestion, type PracticeQuestion } from "./practice-question";
import { showsConfusion } from "./confusion";
import { anyWord, countWords, lowerText, wordsOf } from "./words";

/** Whether a message answers the practice question with which the answer before it ended. */
export function isAnswerToPractice(message: string, previousAnswer: string): boolean {
  const question = parsePracticeQuestion(previousAnswer);
  if (question === null || message.trim() === "" || isGreeting(message) || asksForPractice(message)) return false;
  if (namesOption(message, question)) return true;
  if (isQuestionOrRequest(message) || showsConfusion(message)) return false;
  return question.kind === "written" && countWords(message) > 0 && countWords(message) <= MOST_WORDS;
}

/** Whether a message is as the page's controls of a practice question write it, and people too. */
export function namesItselfAnswer(message: string): boolean {
  return /^my answer: \S/i.test(message);
}

/** A written answer to a practice question is a few sentences at most. */
const MOST_WORDS = 120;

function namesOption(message: string, question: PracticeQuestion): boolean {
  if (question.options.length === 0) return false;
  // An option is named where the message begins.
  const lower = lowerText(message.slice(0, 400));
  const last = question.options.at(-1)?.letter.toLowerCase() ?? "a";
  const letter = `[a-${last}]`;
  const list = `\\(?${letter}\\)?(?:(?:\\s?[,;&+/]\\s?|\\s(?:and|und|y|et)\\s|,\\s?and\\s|\\s)\\(?${letter}\\)?){0,5}`;
  const bare = lower
    .replace(/[\s.!?*:)]+$/, "")
    .replace(/(?<=\S),? (?:i (?:think|guess|believe)|maybe|probably|please|right)$/, "")
    .replace(/^(?:[*\s]+|both (?=\S )|(?:ok |okay )?so )+/, "");
  if (new RegExp(`^${list}$`).test(bare)) return true;
  if (new RegExp(`^(?:${SAYS}) ${list}(?:$|[.,;:)!?]| (?:because|since|as|i think|maybe|please))`, "u").test(lower))
    return true;
  if (new RegExp(`^\\(?${letter}(?:[).:,]| because| since| i think)(?: |$)`).test(lower)) return true;
  if (SEVERAL.test(bare)) return true;
  const words = wordsOf(bare).replace(new RegExp(`^(?:${SAYS}) `, "u"), "");
  return question.options.some((option) => wordsOf(option.text) === words && words !== "");
}

const SEVERAL =
  /^(?:i (?:think|say|pick|choose|guess) |it'?s |maybe )?(?:(?:all|none|neither|both) of (?:the above|them|these|the options)|(?:the )?(?:first|second|third|fourth|last) (?:one|option|answer|choice))$/;
const SAYS =
  "(?:(?:so |um+ |hm+ |maybe |probably )?(?:my |the )?(?:final )?(?:answer|ans|anser|answr|choice|options?|letter)(?: is| are|'s| would be| =|:)?(?: options?)?)|(?:i(?:'d| would)? (?:think|believe|guess|choose|pick|say|select|go (?:with|for)|chose)(?: that)?(?: it'?s| it is| the answer is| its| they are)?(?: options?)?)|(?:it'?s|its|it is|is it|they are|maybe|probably|definitely|could it be)(?: options?)?|die antwort ist|la respuesta es|c'est|es la|a resposta é";

function isQuestionOrRequest(message: string): boolean {
  const lower = lowerText(message);
  // A guess may end in a question mark ("42?"); a question has words around it.
  if (/[?]\s*$/.test(lower) && countWords(lower) > 3) return true;
  return STARTS_REQUEST.test(lower) || GIVES_UP.test(lower);
}

const STARTS_REQUEST =
  /^(?:please |can |could |would |will you|what|why|how|when|where|who|which|explain|give|show|tell|skip|next|stop|help|hint|another|draw|make|plot|let'?s|let me|quiz|test me|teach|go |i want|i need|i'd like|do you|are you|is there|ignore|forget|never ?mind|wait|hold on|continue|yes please|no thanks)/;
const GIVES_UP = anyWord(
  "i (?:do not|don'?t|dont) know|idk|dunno|no idea|no clue|not sure|i give up|pass|(?:just )?tell me the answer",
);

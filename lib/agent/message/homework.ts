import { anyWord, lowerText } from "./words";

/**
 * Whether a message asks for the solution of work that a teacher set: it names homework, or it reads like the textbook.
 * The tutor then guides and does not hand over the solution.
 */
export function looksLikeHomework(text: string): boolean {
  const lower = lowerText(text);
  if (FINISHED.test(lower)) return false;
  if (NAMED.test(lower) || ANSWER_ONLY.test(lower) || WRITE_FOR_ME.test(lower) || NUMBERED.test(lower)) return true;
  return TEXTBOOK.some((pattern) => pattern.test(lower)) || listsProblems(text);
}

/** `1) 3x = 9   2) x + 4 = 6`, also on lines of their own. */
function listsProblems(text: string): boolean {
  return (text.match(/(?:^|\s)(?:\d{1,2}|[a-h])[).] ?(?=[^\n]{0,200}[=?^√÷×])/g)?.length ?? 0) >= 2;
}

const FINISHED = anyWord(
  "(?:finished|completed|handed in|submitted|done with|turned in|graded|lost|forgot|ate) (?:all )?(?:of )?(?:my|our|the|his|her|your) (?:\\p{L}+ )?(?:homework|assignment|worksheet)",
  "no (?:more )?homework|homework (?:is|was) (?:done|finished|bad|good|useless|boring|banned)",
);

const WORK =
  "(?:home ?works?|hw|homewrok|homwork|assignments?|worksheets?|problem sets?|take-home (?:test|exam)|coursework)";
const NAMED = anyWord(
  `(?:my|our|this|for|the|of|math|maths|physics|chemistry|biology|history|english|algebra|science|geometry) ${WORK}(?: (?:is|are) due)?`,
  `${WORK} (?:problems?|questions?|help|due|exercises?|says?|asks?|number|nr|#)`,
  "my (?:teacher|professor|prof|instructor) (?:gave|assigned|set|asked|wants|told) (?:us|me|the class)",
  "(?:is |it'?s )?due (?:today|tonight|tomorrow|in an hour|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|next (?:week|class))",
  "hausaufgaben?|deberes|los deberes|mi tarea|la tarea|mes devoirs|compiti|lição de casa|домашн\\p{L}+ задани\\p{L}+",
);

const ANSWER_ONLY = anyWord(
  "(?:just|only) (?:give|tell|show|send) (?:me )?the (?:answers?|solutions?|results?)",
  "(?:solve|do|answer|complete|finish) (?:it|this|these|them|all of (?:these|them|it)|this problem|this question|these questions|these problems) for me",
  "(?:do|solve|answer) (?:number|nr|no\\.?|problem|question|exercise|#) ?\\d+ for me|for (?:my )?\\p{L}*\\s?class (?:today|tomorrow|on (?:mon|tues|wednes|thurs|fri)day)",
  "(?:do|solve|finish) my (?:\\p{L}+ )?(?:home ?work|hw|assignment|worksheet|problems?|maths?|quiz|test|exam)",
  "without (?:any )?(?:explanation|explaining)",
);

const WRITE_FOR_ME = anyWord(
  "write (?:me |my )?(?:an? |the |my )?(?:\\d+[- ]words? |\\p{L}+[- ]paragraph |short |long |persuasive |argumentative )?(?:essay|book report|lab report|term paper|research paper|speech for class)",
);

const NUMBERED = anyWord(
  "(?:question|exercise|problem|task|aufgabe|ejercicio|exercice) (?:number |no\\.? ?|#)?\\d{1,3}[a-z]?(?: ?[:.)]| (?:on|from|of|in|says|asks))",
);

const TEXTBOOK = [
  /^(?:please )?(?:solve|simplify|factor(?:ise|ize)?|evaluate|expand|differentiate|integrate|find|determine|prove|graph|calculate|show)(?: that| for [a-z](?: in)?| the (?:equation|expression|following))?:? [^?]*(?:[a-z]\s?(?:\^\s?\d|[²³])|\d[a-z]\b|[a-z] ?= ?|= ?\d)/,
  /^(?:find|determine|calculate|compute|work out) the (?:area|volume|perimeter|circumference|slope|derivative|value|values|length|hypotenuse|mass|force|speed|acceleration|probability|roots?|sum|missing)\b.{0,400}\d/,
  /^(?:balance) the (?:following |chemical )?equation/,
  /^(?:a|two) (?:train|car|ball|ladder|farmer|rectangle|triangle|bag|box|jar|shop|store|boat|plane|cyclist)s?\b.{0,400}\d.{0,400}(?:\?|find|how|what)/,
  /^prove (?:that|the) \S+/,
  /\bshow (?:all )?(?:of )?your (?:work|working|steps)\b/,
  /\b(?:round (?:your answer )?to (?:the nearest|\d+ decimal)|in \d+ (?:to \d+ )?sentences,|cite (?:two|three|\d) sources)/,
];

import { anyWord, lowerText } from "./words";

/** Whether a message asks for practice questions, a quiz, or the next one of them. */
export function asksForPractice(text: string): boolean {
  const lower = lowerText(text);
  return PRACTICE.test(lower.replace(NOT_MEANT, " "));
}

const NOT_MEANT =
  /how (?:do|does|did|to|can|could|should) (?:\p{L}+ )?practi[cs]e|(?:don'?t|do not|no more|stop|without|instead of|not) (?:quiz\w*|test\w*|ask\w*|giv\w*|want\w*|need\w*)?(?: me| any| a| the)*(?: more)? ?(?:quiz\w*|practi[cs]e|questions?|test\w*|problems?)?(?: questions?)?|(?:medical|law|legal|best|common|religious|business|agricultural) practices?|in practi[cs]e|(?:football|soccer|band|choir|basketball|piano|guitar|swim) practi[cs]e|practi[cs]e (?:of|makes)|(?:i |we |i'll )?(?:have|had|got|failed|passed|took|missed) (?:a|an|my|the|our) (?:\w+ )?(?:quiz|test|exam)/gu;

const GIVE = "(?:give|gimme|giv|make|ask|create|write|generate|send|want|need|offer|prepare|throw|set|provide|like)";
const DO = "(?:try|do|have|show|get|take|start|begin)";
const SOME =
  "(?:a|an|some|the|few|a few|more|another|one|two|three|four|five|ten|\\d+|couple of|a couple of|one more|short|quick|easy|hard|harder|easier|new|different)";
const KIND =
  "(?:practi[cs]e|practic|pratice|mock|review|revision|sample|drill|multiple[- ]choice|true[- ](?:or[- ])?false|select[- ]all|written|exercise|quiz|test|exam)";
/** "Test" is also the first half of a tube, a pilot, and a drive. */
const QUESTIONS = `(?:${KIND}[- ](?:questions?|qs|problems?|exercises?|items?|exam|test|quiz|sheet)|(?:quiz(?:zes)?|quizz|test|exam)(?! (?:tube|pilot|drive|match|cross|flight|strip|kit|case)))`;

const PRACTICE = anyWord(
  "(?:quiz|quizz|test|drill|examine) (?:me|us|my)",
  `${GIVE}(?: me| us| up)?(?: ${SOME})* (?:\\p{L}+ ){0,2}${QUESTIONS}`,
  `${DO}(?: me| us| up)?(?: ${SOME})+ (?:\\p{L}+ )?${QUESTIONS}`,
  `(?:${GIVE}|${DO})(?: me| us)?(?: (?:some|more|some more|a little|a bit of|extra))* practi[cs]e(?: (?:on|with|for|in))?(?=$|[.!?]| (?:on|with|for|in) )(?<!do practi[cs]e)`,
  `(?:gimme|(?:${GIVE}|${DO}) (?:me|us)) (?:(?:couple|${SOME}) )+(?:\\p{L}+ ){0,2}(?:questions?|problems?|exercises?)(?: (?:on|about|to|for|like|in|with)| ?[.?!]?$)`,
  "(?:another|next|one more|more|a new|a harder|an easier|harder|easier|new) (?:practi[cs]e )?(?:questions?|problems?|exercises?|quiz|one to try)(?: please)?(?: on .{1,60}| about .{1,60})?[.!?]*$",
  "(?:practi[cs]e|quiz|review|revision|sample|mock) (?:questions?|problems?|exercises?|exam|test)(?: (?:on|about|for|in|please))?",
  "(?:let'?s|let me|can i|can we|could we|may i|i(?:'d| would) like to|i (?:want|need) to|help me|wanna) (?:do some |get some |have some )?practi[cs]e",
  "flash ?cards? (?:on|about|for|please)|(?:questions?|problems?|exercises?) (?:to|for me to|i can) (?:practi[cs]e|try|solve|work on)|check my (?:knowledge|understanding) with",
  "frag(?:e)? mich ab|übungs(?:aufgaben?|fragen?)|(?:ejercicios|preguntas|problemas) (?:de|para) práctica[r]?|(?:ejercicios|preguntas) para practicar|(?:questions|exercices) d'entra[iî]nement|interroge[- ]moi|exercícios para praticar|proponimi (?:degli )?esercizi",
);

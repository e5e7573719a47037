import { lowerText, onlyWords, wordsOf } from "./words";

/**
 * Whether a message does not say what is wanted. `explain it` is vague as a first message, and not after others: with
 * `afterOthers` only what stays vague beside an earlier turn is.
 */
export function isVague(text: string, afterOthers = false): boolean {
  const words = wordsOf(text).replace(POLITE, "").trim();
  if (words === "") return !/^[?!.…\s]*$/.test(lowerText(text)) || !afterOthers || text.trim() === "";
  if (words.length > 80) return false;
  return OPEN.test(words) || (!afterOthers && REFERS_BACK.test(words));
}

const POLITE =
  /^(?:please|pls|plz|hi|hello|hey|um+|uh+|so|ok|okay|well|sorry)\s(?=.)|\s(?:please|pls|plz|thanks|man|bro|now)$/g;

const THING = "(?:something|anything|stuff|some stuff|a thing|things|some things|one thing|the thing|a topic|whatever)";
const SUBJECT =
  "(?:maths?|mathematics|algebra|geometry|calculus|statistics|physics|chemistry|biology|science|history|english|grammar|writing|school|class|homework|chem|bio|stats)";

/** Says nothing of what it is about, whatever came before. */
const OPEN = onlyWords(
  "help|help me|(?:i )?need(?: some| your)? help|can (?:you|u) help(?: me)?(?: out)?|could you help(?: me)?|helpp+|hepl|i want help|assist me|sos",
  `(?:can (?:you|u) |could you )?(?:help me|teach me|tell me|show me|explain|give me|i need|i want|i need help|help)(?: with| about| on)? ${THING}`,
  `(?:i (?:have|got)|got|just) (?:a|another|one|some|a quick) (?:questions?|problems?|doubts?)|(?:a )?questions?|can i ask(?: you)? (?:something|a question|anything)|i want to ask something`,
  `${SUBJECT}|(?:i need |can you )?help (?:me )?(?:with|in) (?:my )?${SUBJECT}|(?:teach me|explain|i want to learn|learn) ${SUBJECT}`,
  "idk|i (?:don'?t|dont) know|dunno|not sure|hm+|umm*|erm|blah(?: blah)*|asdf\\p{L}*|qwerty\\p{L}*|test|testing|stuff|things?|whatever|anything|something|nothing|random",
  "i want to learn(?: something(?: new)?)?|teach me|learn|study|let'?s study|start|begin|let'?s (?:start|go|begin)|what should i (?:do|learn|study)|go",
  "ayuda|ayúdame|puedes ayudarme|necesito ayuda|hilfe|hilf mir|aide[- ]moi|au secours|aiuto|ajuda|помоги(?:те)?(?: мне)?|помощь|帮帮我|帮我|救命|助けて|도와줘",
);

/** Points at something that only an earlier turn can tell. */
const REFERS_BACK = onlyWords(
  "(?:can you |could you )?(?:explain|do|solve|show|fix|check|answer|describe|define|finish|continue|summari[sz]e)(?: me)?(?: (?:it|this|that|these|those|them))?(?: again| more| better| further| to me| for me)?",
  "(?:what|how|why)(?: about| is| are| does)? ?(?:it|this|that|these|those|they)(?: one| ones)?(?: (?:mean|work|about))?",
  "(?:and|but|so) ?(?:then|now|what|why|how)?|why|how|what|when|where|who|which|which one|more|again|next|another(?: one)?|one more|go on|continue|yes|no|ok|okay|sure|maybe|and\\??",
  "(?:the|this|that) (?:one|other one|thing|last one|first one|second one|part|problem|question|exercise|topic)|it|this|that|same(?: again)?|tell me more|tell me|like before|the usual|you know",
);

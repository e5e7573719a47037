import { anyWord, lowerText } from "./words";

/** Whether the student says that they do not understand; others who do not, or the word itself, are not meant. */
export function showsConfusion(text: string): boolean {
  const lower = lowerText(text);
  return CONFUSION.test(lower.replace(NOT_MEANT, " ")) || /^(?:huh|wait,? what|what)\s?[?!]+$/.test(lower);
}

const NOT_MEANT =
  /["“][^"”]{0,200}["”]|confus\w* matri\w*|(?:not|no longer|isn't|never) (?:at all )?(?:confus\w+|lost)|(?:people|students|they|others|who|you|he|she) (?:who |often |still |really ){0,4}(?:do not|don'?t|does not|doesn'?t|cannot|can'?t|are|is) (?:get|understand|confused|follow)/g;

const NOT = "(?:do not|don'?t|dont|do n't|did not|didn'?t|didnt|cannot|can'?t|cant|still don'?t|still do not|never)";
const CONFUSION = anyWord(
  `(?:i|we|me)(?: (?:really|still|just|honestly|simply|also)){0,4} ${NOT}(?: (?:really|quite|fully|even|still)){0,4} (?:get|understand|understan|undrstand|undestand|unerstand|follow|see (?:how|why|where|what)|grasp|make sense of)`,
  `^(?:sorry,? )?(?:still )?(?:don'?t|dont|do not|didn'?t|not) (?:get|understand|undrstand|getting|understanding|follow|following)(?: (?:it|this|that|any of (?:it|this)|you|at all))?`,
  "(?:i am|i'?m|im|we'?re|we are|i got|i get|i was|still|so|really|very|totally|completely|kinda|a bit|a little)(?: (?:so|still|really|very|totally|completely|quite|a bit|a little|kinda|kind of|just)){0,4} (?:confused|confusd|confuzed|baffled|puzzled|perplexed)",
  "(?:i am|i'?m|im)(?: (?:so|still|really|totally|completely|a bit|kinda|just)){0,4} (?:lost|stuck)(?! in (?:traffic|the))",
  "(?:you|that|this|it) (?:lost|confuses|confused) me|lost me|confuses me|^confused",
  "(?:makes?|making) (?:no|zero|little) sense(?: to me)?|(?:does not|doesn'?t|doesnt|didn'?t|isn'?t) mak(?:e|ing) (?:any )?sense",
  "(?:i have|i'?ve|ive|got) (?:absolutely )?no (?:idea|clue)|no (?:idea|clue) (?:how|why|what|where)|^no (?:idea|clue)$",
  "(?:over|above) my head|too (?:complicated|confusing|hard)(?: for me| to follow| to understand|[.!]*$)|this is (?:so |too |very |really )?confusing|(?:goes|went) too fast",
  "what do (?:you|u) mean|i no understand|struggl(?:e|ing) (?:to understand|with)|(?:having|have) trouble (?:with|understanding|following)|unclear to me|not clear to me",
  "no (?:lo )?entiendo|no comprendo|(?:ich )?verstehe? (?:ich )?(?:das |es |gar )?nicht|ich versteh(?:e)? .{0,40}nicht|je ne comprends (?:pas|rien)|non (?:capisco|ho capito)|não (?:entendo|entendi|percebo)|не понимаю|не понял\\p{L}*|nie rozumiem",
  "我?(?:不懂|不明白|听不懂|没看懂)|わかりません|分かりません|모르겠어요|이해가 안 (?:돼요|가요)",
);

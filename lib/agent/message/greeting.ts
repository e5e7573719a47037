import { onlyWords, wordsOf } from "./words";

/** Whether a message is a greeting, thanks, or a goodbye, and nothing else. */
export function isGreeting(text: string): boolean {
  if (WAVES.test(text)) return true;
  const words = wordsOf(text);
  // Joined greetings are short; what is longer is no greeting, and is not searched.
  if (words === "" || words.length > 80) return false;
  if (WITHOUT_SPACES.test(words)) return true;
  return MOVES.test(words) && GREETS.test(words);
}

const WAVES = /^(?:👋|🙋|🤝|🙏)\p{M}*(?:[\u{1F3FB}-\u{1F3FF}])?(?:[\s👋🙋🤝🙏]|[\u{1F3FB}-\u{1F3FF}])*$/u;

const HELLO =
  "h+i+|h+e+y+|hell+o+|helo|hello+|howdy|yo|hiya|heya|greetings|good (?:morning|afternoon|evening|day|night)|gm|morning|evening|what'?s up|wass?up|sup|how are (?:you|u)(?: doing)?(?: today)?|how'?s it going|how do you do|nice to meet you|pleased to meet you";
const THANKS =
  "thanks|thank (?:you|u)|thx|thnx|tysm|ty|tanks|thankyou|cheers|much appreciated|appreciate it|thanks a (?:lot|ton|million)|many thanks";
const GOODBYE =
  "bye+|good ?bye|bye bye|see (?:you|ya)|see you (?:later|tomorrow|soon)|cya|later|take care|have a (?:nice|good|great) (?:day|one|evening)";
const OTHER_LANGUAGES =
  "hola|buenos días|buenos dias|buenas tardes|gracias|muchas gracias|adi[oó]s|qué tal|bonjour|bonsoir|salut|merci(?: beaucoup)?|au revoir|hallo|guten (?:morgen|tag|abend)|danke(?: schön)?|tschüss|servus|ciao|buongiorno|buonasera|grazie(?: mille)?|olá|ola|oi|bom dia|obrigad[oa]|hej|hei|tack|namaste|salaam|merhaba|привет|здравствуйте|спасибо|пока|dzień dobry|cześć|dziękuję|γεια σου|ευχαριστώ|مرحبا|شكرا|नमस्ते";
const BESIDE =
  "there|again|everyone|all|friend|buddy|mate|tutor|teacher|sir|madam|bot|robot|assistant|memwell|mr|ms|miss|so much|very much|a lot|for (?:your|the|all your) help|for (?:that|this|everything)|for now|ok|okay|okie|great|cool|perfect|awesome|nice|and|to you|my|dear|i'?m back|that helped|that helps";

const GREET = `${HELLO}|${THANKS}|${GOODBYE}|${OTHER_LANGUAGES}`;
const MOVES = onlyWords(`(?:(?:${GREET}|${BESIDE})(?: |$))+`);
const GREETS = new RegExp(`(?:^| )(?:${GREET})(?: |$)`, "u");
const WITHOUT_SPACES = onlyWords(
  "你好|您好|谢谢|再见|早上好|こんにちは|おはよう(?:ございます)?|ありがとう(?:ございます)?|안녕(?:하세요)?|감사합니다|สวัสดี",
);

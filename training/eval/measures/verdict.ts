const WRONG =
  /\bnot (?:quite|right|correct|exactly|true|it|yet)\b|\bincorrect\b|\bwrong\b|\b(?:isn't|is not|wasn't) (?:right|correct|it)\b|\balmost\b|\bunfortunately\b|\btry (?:again|once more)\b|^no\b/i;
const RIGHT =
  /\b(?:correct|right|exactly|yes|perfect|excellent|well done|good (?:job|work)|great (?:job|work)|nice work|that's it|you got it)\b/i;
/** A verdict comes first; what follows tells why. Characters. */
const BEGINNING = 160;

/** What an answer says of a student's answer; null when it says neither. What is said first counts. */
export function readVerdict(answer: string): "right" | "wrong" | null {
  const beginning = answer.trim().slice(0, BEGINNING).replaceAll("’", "'");
  const wrong = WRONG.exec(beginning)?.index ?? Infinity;
  const right = RIGHT.exec(beginning)?.index ?? Infinity;
  if (wrong === right) return null;
  return wrong < right ? "wrong" : "right";
}

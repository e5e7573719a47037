import { AnswerStream, type AnswerEnd } from "../../../../lib/agent/post-process";

/** What a visitor sees of these pieces; `remaining` tokens are left at each of them. */
export function shown(pieces: Iterable<string>, reason: AnswerEnd = "stop", remaining?: number): string {
  const stream = new AnswerStream();
  let text = "";
  for (const piece of pieces) text += stream.push(piece, remaining);
  return text + stream.end(reason);
}

/** `text` cut at these places, taken modulo its length; the places may split a character. */
export function cutAt(text: string, places: number[]): string[] {
  const cuts = [...new Set(places.map((place) => place % (text.length + 1)))].sort((left, right) => left - right);
  return [0, ...cuts].map((start, index) => text.slice(start, cuts[index] ?? text.length));
}

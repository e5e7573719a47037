import { wordsOf } from "./words";

/**
 * Whether a message names no subject of its own and so goes on with what was talked about before it: `why?`, `say it simpler`,
 * `another question please`. Only of use where something was.
 */
export function goesOn(text: string): boolean {
  const words = wordsOf(text).split(" ");
  return words.length <= MOST_WORDS && words.every((word) => NO_SUBJECT.has(word));
}

/** What is longer says something. */
const MOST_WORDS = 16;

/** Also nothing but punctuation: `?` asks on. */
const NO_SUBJECT = new Set(
  `
  i you u me my we us it its it's this that that's these those they them there here one ones a an the some any none
  do does did don't dont didn't didnt is isn't are aren't was am i'm im be been can can't cant could would will should may
  have has i've ive had get got getting give gimme tell say said show explain understand understood follow mean means make
  makes sense know need want like let let's lets try help hint hints clue idea see go going continue skip start over
  next more less again another other else different differently way ways word words simple simpler simply easy easier hard
  harder short shorter long longer better further deeper detail details clear clearer in of to for with from by at as on and
  or but so then now just really still very too much bit little lot not no nope yes yeah yep ok okay sure maybe why how what
  what's which who when where if about please pls plz thanks thank hm hmm um uh huh oh sorry well great good right wrong
  correct part point step steps first second third last example examples instance question questions practice quiz test
  answer answers both all lost confused confusing complicated stuck idk dunno up out`
    .trim()
    .split(/\s+/)
    .concat(""),
);

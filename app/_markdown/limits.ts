/**
 * How much of an answer is read as Markdown. A model can write anything, and some of what it can write takes a parser or a
 * browser seconds. What lies beyond a limit is shown as it was written.
 */

/** Characters of one answer. The longest answer of a model is some 100,000. */
export const MAX_PARSED_CHARACTERS = 200_000;
export const MAX_BLOCKS = 4_000;
/** Characters of one paragraph, table or list item; it is parsed again with each frame while it grows. */
export const MAX_BLOCK_CHARACTERS = 16_000;
/** Characters of one code block: its end is found without looking at what it holds. */
export const MAX_FENCE_CHARACTERS = 64_000;
/** Lists and quotes in each other, or emphasis in emphasis: both are read by recursion. */
export const MAX_DEPTH = 16;
/** Characters that can open or close emphasis, code or a link, in one run of text: matching them takes quadratic time. */
export const MAX_MARKS = 500;
export const MAX_DEFINITIONS = 200;
/** Characters of one formula. */
export const MAX_FORMULA_CHARACTERS = 2_000;
/** Characters of a code block that is coloured, once it is complete and while it grows. */
export const MAX_COLOURED_CHARACTERS = 40_000;
export const MAX_COLOURED_WHILE_GROWING = 4_000;

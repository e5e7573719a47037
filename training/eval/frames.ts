/*
 * Ways of asking that are used here and nowhere in training (training/data/frames); a test compares the two. `{x}` is a
 * topic, `{h}` a message that asks to have work done, `{a}` an answer, `{v}` values, `{t}` a type of chart, `{e}` a sum.
 */

export const HELD_OUT_EXPLAIN = [
  "I'd love to hear what {x} is all about",
  "Any chance you could shed some light on {x}?",
  "break down {x} for me",
  "fill me in on {x}",
  "My little brother asked me about {x} and I had no answer.",
  "what would a textbook say about {x}?",
  "Could we spend a minute on {x}?",
  "give me the gist of {x}",
] as const;

export const HELD_OUT_CONFUSED = [
  "{x} still doesn't make any sense to me after the lesson",
  "I keep reading about {x} and I don't understand a thing",
  "my head hurts, I really don't get {x}",
  "honestly I'm confused by {x}",
  "I'm lost when it comes to {x}",
  "no clue what {x} is, everyone else got it and I didn't understand it",
  "What the teacher said on {x} was over my head.",
  "I have trouble following {x}",
] as const;

export const HELD_OUT_HOMEWORK = [
  "This is on my worksheet: {h}",
  "{h} I have to hand it in on Monday, it's homework.",
  "can you do my homework? {h}",
  "for my assignment: {h}",
  "{h} (homework, page 12)",
  "Our teacher wants this by tomorrow: {h}",
] as const;

export const HELD_OUT_PRACTICE = [
  "Could you put together a practice question on {x}?",
  "quiz time! pick something on {x}",
  "see whether I remember {x}: quiz me",
  "Let me try a practice problem on {x}.",
  "my exam on {x} is close, please test me",
  "throw a quiz question about {x} at me",
  "I'd like to be quizzed on {x}",
  "can I have a review question about {x}",
] as const;

/** Around an answer to a practice question. */
export const HELD_OUT_ANSWERS = [
  "I'd go for {a}",
  "my guess would be {a}",
  "{a}, right?",
  "pretty sure it's {a}",
  "probably {a}",
  "I believe the answer is {a}",
] as const;

export const HELD_OUT_CHARTS = [
  "Could you turn {v} into a {t} chart?",
  "plot a {t} chart from {v}",
  "I'd like to see {v} as a {t} chart",
  "visualize {v} with a {t} chart please",
  "draw me a {t} graph showing {v}",
  "generate a {t} chart for {v}",
] as const;

export const HELD_OUT_CALCULATIONS = [
  "what does {e} come to?",
  "please work out {e}",
  "evaluate {e}",
  "tell me the result of {e}",
  "can you compute {e}?",
] as const;

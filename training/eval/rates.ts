/** What is counted, in the order of the report; the goals are those of the project. */
export const RATES = {
  decisions: { label: "decisions right, of those the model is asked for", goal: 0.95 },
  decisions_by_model: { label: "  where the model was sure", goal: null },
  decisions_by_rules_alone: { label: "  for comparison: the rules alone", goal: null },
  decisions_known: { label: "decisions right that need no model", goal: null },
  decisions_agree: { label: "decisions as the rules have them, where nobody said what is right", goal: null },
  on_topic: { label: "answers about the right topic", goal: null },
  correct: { label: "answers on topic and correct", goal: 0.9 },
  as_asked: { label: "  of the kind asked for: explained, simpler, first step", goal: null },
  word_for_word: { label: "  word for word", goal: null },
  known_answered: { label: "known topics not declined", goal: null },
  unknown_declined: { label: "unknown topics declined", goal: 0.9 },
  unknown_names_topics: { label: "  and topics named instead", goal: null },
  practice_form: { label: "practice questions in the form the page reads", goal: null },
  practice_on_topic: { label: "  about the right topic", goal: null },
  practice_then_grade: { label: "practice, then a right and a wrong answer graded right", goal: 0.85 },
  graded_right: { label: "  right answers told right", goal: null },
  graded_wrong: { label: "  wrong answers told wrong", goal: null },
  feedback_as_taught: { label: "  feedback as taught", goal: null },
  talk_fits: { label: "greetings, thanks, vague openings answered in kind", goal: null },
  chart_drawn: { label: "charts of exactly the numbers given", goal: null },
  calculation_said: { label: "results of sums said", goal: null },
  well_formed: { label: "answers well-formed", goal: null },
} as const satisfies Record<string, { label: string; goal: number | null }>;

export type RateName = keyof typeof RATES;

/** One outcome; a case may have several of one name. Null: it could not be told. */
export type Mark = readonly [name: RateName, isSo: boolean | null];

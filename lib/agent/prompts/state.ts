/** What a turn may ask of its prompts; all off when it begins. The first three shape thinking, the others the answer. */
export const PROMPT_SWITCHES = [
  "MATH_THINKING",
  "QUESTION_ANSWER_DESIGN",
  "REASONING_THINKING",
  "VAGUE_INPUT",
  "USER_UNDERSTANDING",
  "GENERAL_FORMATTING",
  "LATEX_FORMATTING",
  "GUIDING_TEACHING",
  "STRUCTURE_PRACTICE_QUESTIONS",
  "PRACTICE_QUESTION_FOLLOWUP",
  "TOOL_USE_ENHANCEMENT",
] as const;

export type PromptSwitch = (typeof PROMPT_SWITCHES)[number];

export const THINKING_SWITCHES = ["MATH_THINKING", "QUESTION_ANSWER_DESIGN", "REASONING_THINKING"] as const;

/** The switches of a turn. Nothing changes one: `withSwitches` makes another. */
export type PromptState = Readonly<Record<PromptSwitch, boolean>>;

const ALL_OFF: PromptState = Object.freeze({
  MATH_THINKING: false,
  QUESTION_ANSWER_DESIGN: false,
  REASONING_THINKING: false,
  VAGUE_INPUT: false,
  USER_UNDERSTANDING: false,
  GENERAL_FORMATTING: false,
  LATEX_FORMATTING: false,
  GUIDING_TEACHING: false,
  STRUCTURE_PRACTICE_QUESTIONS: false,
  PRACTICE_QUESTION_FOLLOWUP: false,
  TOOL_USE_ENHANCEMENT: false,
});

/** Step 1 of a turn: all switches off. */
export function initialState(): PromptState {
  return ALL_OFF;
}

/** A state with these switches on too. */
export function withSwitches(state: PromptState, ...switches: readonly PromptSwitch[]): PromptState {
  const turnedOn = Object.fromEntries(switches.map((name) => [name, true]));
  return Object.freeze({ ...state, ...turnedOn });
}

/** The switches that are on, in the order of `PROMPT_SWITCHES`. */
export function switchesOf(state: PromptState): PromptSwitch[] {
  return PROMPT_SWITCHES.filter((name) => state[name]);
}

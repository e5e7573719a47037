/**
 * What a token of a chat template means when a model writes it as text:
 *
 * | meaning  | what becomes of it                                                                              |
 * |----------|-------------------------------------------------------------------------------------------------|
 * | `noise`  | left out                                                                                        |
 * | `header` | left out with the role that follows at once; another's role ends the answer                     |
 * | `turn`   | the start of somebody else's turn: ends the answer                                              |
 * | `think`  | left out with everything up to `unthink`, or to the end                                         |
 * | `unthink`| left out                                                                                        |
 * | `label`  | as `turn`, at the start of a line only                                                          |
 */
export type TokenMeaning = "noise" | "header" | "turn" | "think" | "unthink" | "label";

/** No token is the beginning of another: a match is known with its last character. Source: the models' tokenizer files. */
const TOKENS: Record<Exclude<TokenMeaning, "label">, string[]> = {
  noise: [
    ...["<|im_end|>", "<|im_sep|>", "<|endoftext|>"], // ChatML
    ...["[/INST]", "<<SYS>>", "<</SYS>>", "<s>", "</s>"], // Llama 2
    ...["<|begin_of_text|>", "<|end_of_text|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|python_tag|>"], // Llama 3
    ...["<end_of_turn>", "<bos>", "<eos>", "<pad>"], // Gemma
    ...["<|assistant|>", "<|end|>"], // Phi, Zephyr
    ...["[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]"], // Mistral
    ...["[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"],
    ...["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜Assistant｜>"], // DeepSeek
    ...["<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|CHATBOT_TOKEN|>"], // Command R
  ],
  header: ["<|im_start|>", "<|start_header_id|>", "<start_of_turn>"],
  turn: ["[INST]", "<|user|>", "<|system|>", "<｜User｜>", "<|USER_TOKEN|>", "<|SYSTEM_TOKEN|>"],
  think: ["<think>", "<thinking>", "[THINK]"],
  unthink: ["</think>", "</thinking>", "[/THINK]"],
};

const SPEAKERS = ["User", "USER", "Human", "HUMAN", "Student", "STUDENT"];
const LABELS = [
  ...SPEAKERS.flatMap((name) => [`${name}:`, `**${name}:`, `**${name}**:`, `### ${name}:`]),
  "### Instruction:",
];

const OWN_ROLES = ["assistant", "model"];
const OTHER_ROLES = ["user", "system", "tool", "human", "developer", "ipython"];

const MEANINGS = new Map<string, TokenMeaning>([
  ...Object.entries(TOKENS).flatMap(([meaning, texts]) =>
    texts.map((text) => [text, meaning as TokenMeaning] as const),
  ),
  ...LABELS.map((text) => [text, "label"] as const),
]);
const TOKEN_STARTS = startsOf(Object.values(TOKENS).flat());
const LABEL_STARTS = startsOf(LABELS);
const ROLE_STARTS = startsOf([...OWN_ROLES, ...OTHER_ROLES]);

/** Every token that is removed outside code; labels are not among them. */
export const KNOWN_TOKENS: readonly string[] = Object.values(TOKENS).flat();

export function tokenMeaning(text: string): TokenMeaning | undefined {
  return MEANINGS.get(text);
}

/**
 * The longest end of `begun + character` that a token may still grow from, "" when there is none. `begun` is what this
 * answered for the character before. A label may only begin where `lineStart` is true.
 */
export function nextStart(begun: string, character: string, lineStart: boolean): string {
  let start = begun + character;
  if (LABEL_STARTS.has(start) && (begun === "" ? lineStart : LABEL_STARTS.has(begun))) return start;
  while (start !== "" && !TOKEN_STARTS.has(start)) start = start.slice(1);
  return start;
}

/** Whether a role may still grow from this. */
export function startsRole(text: string): boolean {
  return ROLE_STARTS.has(text);
}

export function roleOwner(text: string): "own" | "other" | null {
  if (OWN_ROLES.includes(text)) return "own";
  return OTHER_ROLES.includes(text) ? "other" : null;
}

function startsOf(texts: string[]): Set<string> {
  return new Set(texts.flatMap((text) => Array.from(text, (_, index) => text.slice(0, index + 1))));
}

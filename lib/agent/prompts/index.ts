export type {
  PromptForm,
  PromptLibrary,
  PromptSegment,
  ThinkingKind,
  ThinkingTemplate,
  ThinkingText,
  ToolText,
} from "./contract";
export { chooseForm } from "./form";
export { DEFAULT_LIBRARY, LIBRARIES, libraryNamed } from "./libraries";
export { buildResponsePrompt, type ResponseParts, type ResponsePrompt } from "./response";
export {
  initialState,
  PROMPT_SWITCHES,
  switchesOf,
  THINKING_SWITCHES,
  withSwitches,
  type PromptState,
  type PromptSwitch,
} from "./state";
export { buildThinkingPrompts, chooseThinking, type ThinkingPrompt } from "./thinking";

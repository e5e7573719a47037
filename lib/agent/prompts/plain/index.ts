import type { PromptLibrary } from "../contract";
import { chartQuestion } from "./decisions/chart";
import { clarityQuestion } from "./decisions/clarity";
import { domainQuestion } from "./decisions/domain";
import { generalFormatting } from "./general-formatting";
import { identity } from "./identity";
import { latexFormatting } from "./latex-formatting";
import { reasoningThinking } from "./thinking/reasoning";
import { toolUseEnhancement } from "./tool-use-enhancement";
import { vagueInput } from "./vague-input";

/** A plain assistant that thinks before it answers: no teaching, no practice. */
export const plain: PromptLibrary = {
  name: "plain",
  identity,
  segments: {
    MATH_THINKING: null,
    QUESTION_ANSWER_DESIGN: null,
    REASONING_THINKING: null,
    VAGUE_INPUT: vagueInput,
    USER_UNDERSTANDING: null,
    GENERAL_FORMATTING: generalFormatting,
    LATEX_FORMATTING: latexFormatting,
    GUIDING_TEACHING: null,
    STRUCTURE_PRACTICE_QUESTIONS: null,
    PRACTICE_QUESTION_FOLLOWUP: null,
    TOOL_USE_ENHANCEMENT: toolUseEnhancement,
  },
  decisionPreamble: {
    full: [
      "You read a conversation between a user and an assistant, and prepare the next answer.",
      "You label the user's last message, one word for each label. When you are asked for notes, you write them in short.",
    ].join("\n"),
    compact: "Label the user's last message with one word. Write notes when asked.",
  },
  decisions: [chartQuestion, clarityQuestion],
  domain: domainQuestion,
  decisionExamples: { full: "", compact: "" },
  thinking: { math: null, practice: null, reasoning: reasoningThinking },
  labels: { user: "User", assistant: "Assistant", result: "Tool result", notes: "Notes for you", question: "User" },
};

import type { PromptLibrary } from "../contract";
import { decisionExamples, decisionPreamble } from "./decision-instructions";
import { chartQuestion } from "./decisions/chart";
import { clarityQuestion } from "./decisions/clarity";
import { domainQuestion } from "./decisions/domain";
import { followupQuestion } from "./decisions/followup";
import { practiceQuestion } from "./decisions/practice";
import { teachingQuestion } from "./decisions/teaching";
import { generalFormatting } from "./general-formatting";
import { guidingTeaching } from "./guiding-teaching";
import { identity } from "./identity";
import { latexFormatting } from "./latex-formatting";
import { practiceQuestionFollowup } from "./practice-question-followup";
import { structurePracticeQuestions } from "./structure-practice-questions";
import { mathThinking } from "./thinking/math";
import { practiceThinking } from "./thinking/practice";
import { reasoningThinking } from "./thinking/reasoning";
import { toolUseEnhancement } from "./tool-use-enhancement";
import { userUnderstanding } from "./user-understanding";
import { vagueInput } from "./vague-input";

/** A tutor: guides rather than hands over, sets practice and grades it. */
export const tutor: PromptLibrary = {
  name: "tutor",
  identity,
  segments: {
    MATH_THINKING: null,
    QUESTION_ANSWER_DESIGN: null,
    REASONING_THINKING: null,
    VAGUE_INPUT: vagueInput,
    USER_UNDERSTANDING: userUnderstanding,
    GENERAL_FORMATTING: generalFormatting,
    LATEX_FORMATTING: latexFormatting,
    GUIDING_TEACHING: guidingTeaching,
    STRUCTURE_PRACTICE_QUESTIONS: structurePracticeQuestions,
    PRACTICE_QUESTION_FOLLOWUP: practiceQuestionFollowup,
    TOOL_USE_ENHANCEMENT: toolUseEnhancement,
  },
  decisionPreamble,
  decisions: [chartQuestion, practiceQuestion, clarityQuestion, followupQuestion, teachingQuestion],
  domain: domainQuestion,
  decisionExamples,
  thinking: { math: mathThinking, practice: practiceThinking, reasoning: reasoningThinking },
  labels: { user: "Student", assistant: "Tutor", result: "Tool result", notes: "Notes for you", question: "Student" },
};

/*
 * What an answer is made of. Each stands alone.
 */

export { LineMarkdown, Markdown } from "./Markdown";
export { PracticeQuestion } from "./answer/PracticeQuestion";
export { Status } from "./answer/Status";
export { ToolCard } from "./answer/ToolCard";
export { Trace } from "./answer/Trace";

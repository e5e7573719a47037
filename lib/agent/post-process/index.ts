export { AnswerStream, SENTENCE_WINDOW_TOKENS, type AnswerEnd } from "./answer-stream";

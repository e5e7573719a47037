export * from "./decisions";
export * from "./message";
export * from "./post-process";
export * from "./prompts";
export * from "./tools";
export type * from "./contract";
export { runTurn } from "./pipeline/run-turn";

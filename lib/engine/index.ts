export type * from "./contract";
export { ChildSource } from "./child-source";
export { describeExit, type ChildCommand, type ChildExit } from "./child-process";
export { defaultTimeouts, EngineProcess, type EngineTimeouts } from "./engine-process";

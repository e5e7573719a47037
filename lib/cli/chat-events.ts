import type { Runtime } from "../runtime";

type EventOf<Stream> = Stream extends AsyncGenerator<infer Event, void, void> ? Event : never;

/** What a turn of the agent says. */
export type TurnEvent = EventOf<ReturnType<Runtime["startTurn"]>>;
/** What one model alone says. */
export type GenerationEvent = EventOf<ReturnType<Runtime["generate"]>>;
export type ChatEvent = TurnEvent | GenerationEvent;

export type StepEnd = Extract<TurnEvent, { type: "step-end" }>;
export type Decision = Extract<TurnEvent, { type: "decision" }>["decision"];
export type Wait = Extract<TurnEvent, { type: "wait" }>["wait"];
export type GenerationDone = Extract<GenerationEvent, { type: "done"; usage: unknown }>;

export type TurnRequest = Parameters<Runtime["startTurn"]>[0];
export type GenerateRequest = Parameters<Runtime["generate"]>[1];

import {
  AbstractChat,
  DefaultChatTransport,
  parseJsonEventStream,
  readUIMessageStream,
  uiMessageChunkSchema,
  type ChatState,
  type ChatStatus,
} from "ai";

import type { AgentEvent } from "../../../lib/agent";
import type { WaitNotice } from "../../../lib/wire";
import { UiStreamEncoder, type UiStreamEnd, type UiStreamIdentity } from "../../../lib/wire/ui-stream";
import type { TurnChunk, TurnMessage } from "../../../lib/wire/ui-stream-types";

export type TurnEvent = AgentEvent<WaitNotice>;

export const IDENTITY: UiStreamIdentity = { run: "r1", conversation: "c1", userMessage: "u1", assistantMessage: "a1" };

/** What is sent for `begin`, for each event, and for `end`. */
export function piecesOf(events: readonly TurnEvent[], end: Partial<UiStreamEnd> = {}): string[] {
  const encoder = new UiStreamEncoder(IDENTITY);
  return [
    encoder.begin(),
    ...events.map((event, index) => encoder.encode(index + 1, event)),
    encoder.end({ outcome: "done", error: null, lastSequence: events.length, ...end }),
  ];
}

/** The chunks of a stream as the AI SDK reads and checks them. */
export async function chunksOf(text: string): Promise<TurnChunk[]> {
  const chunks: TurnChunk[] = [];
  const stream = parseJsonEventStream({ stream: bytesOf(text), schema: uiMessageChunkSchema });
  for await (const read of stream) {
    if (!read.success) throw read.error;
    chunks.push(read.value as TurnChunk);
  }
  return chunks;
}

/** The message that the AI SDK makes of a stream, and what it has to object. */
export async function messageOf(text: string): Promise<{ message: TurnMessage | undefined; errors: string[] }> {
  const transport = new DefaultChatTransport<TurnMessage>({ fetch: async () => new Response(bytesOf(text)) });
  const stream = await transport.sendMessages({
    chatId: "c1",
    messages: [],
    trigger: "submit-message",
    messageId: undefined,
    abortSignal: undefined,
  });
  const errors: string[] = [];
  let message: TurnMessage | undefined;
  const messages = readUIMessageStream<TurnMessage>({ stream, onError: (error) => errors.push(String(error)) });
  for await (const newest of messages) message = newest;
  return { message, errors };
}

export function bytesOf(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([text]).stream();
}

/** The AI SDK's own chat, as `useChat` has it, without React. */
export class TestChat extends AbstractChat<TurnMessage> {
  constructor(transport: DefaultChatTransport<TurnMessage>) {
    super({ id: "c1", state: new PlainState(), transport });
  }
}

class PlainState implements ChatState<TurnMessage> {
  status: ChatStatus = "ready";
  error: Error | undefined = undefined;

  messages: TurnMessage[] = [];

  pushMessage = (message: TurnMessage): void => {
    this.messages = [...this.messages, message];
  };
  popMessage = (): void => {
    this.messages = this.messages.slice(0, -1);
  };
  replaceMessage = (index: number, message: TurnMessage): void => {
    this.messages = this.messages.with(index, message);
  };
  snapshot = <Value>(value: Value): Value => structuredClone(value);
}

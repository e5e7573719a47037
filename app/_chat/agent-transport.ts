import "./zod-without-eval";
import { DefaultChatTransport } from "ai";

import type { TurnMessage } from "@/lib/wire";

import { visitorFetch } from "./visitor-fetch";

interface TransportParts {
  /** The server has taken the message: the conversation is there now. */
  onBegan: () => void;
  /** The run to be read again; null: the conversation's newest. */
  run: () => string | null;
  /** Further fields of the call. */
  settings: () => Record<string, unknown>;
}

/**
 * `POST /api/chat` with one message and the id of the one before it, since the server keeps the rest; and the stream of
 * a run once more from its beginning.
 */
export function agentTransport({ onBegan, run, settings }: TransportParts): DefaultChatTransport<TurnMessage> {
  return new DefaultChatTransport<TurnMessage>({
    api: "/api/chat",
    fetch: async (address, init) => {
      const response = await visitorFetch(address, init);
      if (init?.method === "POST") onBegan();
      return response;
    },
    prepareSendMessagesRequest: ({ id, messages, trigger }) => {
      const last = messages.length - 1;
      const { id: messageId, role, parts } = messages[last]!;
      const message = { id: messageId, role, parts: parts.filter(({ type }) => type === "text") };
      return { body: { id, message, parentId: messages[last - 1]?.id ?? null, trigger, ...settings() } };
    },
    prepareReconnectToStreamRequest: ({ id }) => {
      const asked = run();
      const query = asked === null ? "" : `?run=${encodeURIComponent(asked)}`;
      return { api: `/api/chat/${encodeURIComponent(id)}/stream${query}` };
    },
  });
}

"use client";

import { createContext, use, useMemo, useState, type ReactNode } from "react";

import { OFFERED_BY_MODEL } from "../_chat/settings";
import { useModelChat, type ModelChat } from "../_chat/use-model-chat";
import { useSettings } from "../_chat/use-settings";

/** What of the chat lives in the browser alone. */
export interface KeptChat {
  /** The model that answers alone; null: the agent, whose conversations the server keeps. */
  chosenId: string | null;
  choose: (id: string) => void;
  modelChat: ModelChat;
}

const Kept = createContext<KeptChat | null>(null);

/** Keeps it while the visitor looks at another page of the site. */
export function ChatKeeper({ children }: { children: ReactNode }) {
  const [chosenId, choose] = useState<string | null>(null);
  const { settings } = useSettings("model", OFFERED_BY_MODEL);
  const modelChat = useModelChat(settings);
  const kept = useMemo(() => ({ chosenId, choose, modelChat }), [chosenId, modelChat]);
  return <Kept value={kept}>{children}</Kept>;
}

/** @throws Error outside of a `ChatKeeper` */
export function useKeptChat(): KeptChat {
  const kept = use(Kept);
  if (kept === null) throw new Error("The chat needs a ChatKeeper around it. Please report this bug.");
  return kept;
}

import { newId } from "./new-id";

const NAME = "memwell.conversations";

/** What one of the visitor's tabs tells the others. */
interface News {
  from: string;
  /** The conversation that has changed; null: the list of them has. */
  conversation: string | null;
}

let tab: string | null = null;
const thisTab = (): string => (tab ??= newId());

/** Tells the visitor's other tabs that this conversation has changed; null: the list has. */
export function tellTabs(conversation: string | null): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(NAME);
  channel.postMessage({ from: thisTab(), conversation } satisfies News);
  channel.close();
}

/** Hears of what other tabs change. Returns how to end that. */
export function hearTabs(listener: (conversation: string | null) => void): () => void {
  if (typeof BroadcastChannel === "undefined") return () => {};
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<News>) => {
    if (data.from !== thisTab()) listener(data.conversation);
  };
  return () => channel.close();
}

import { AGENT_ID } from "@/lib/wire";

import { ChatPage } from "./_components/ChatPage";

/** Static: what changes is asked for by the browser, so that the page is there before any model is. */
export default function Page() {
  return <ChatPage agentId={AGENT_ID} />;
}

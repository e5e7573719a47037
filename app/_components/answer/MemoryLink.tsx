import Link from "next/link";

import { ledgerAddress } from "../../_analytics/ledger-address";
import { rememberChatAddress } from "../../_chat/chat-address";

/** From an answer to what its steps held in memory. */
export function MemoryLink({ run }: { run: string }) {
  return (
    <Link
      href={ledgerAddress({ run, model: "", step: "" })}
      prefetch={false}
      className="mt-1 inline-block text-sm text-accent underline"
      onClick={rememberChatAddress}
    >
      Memory of this turn
    </Link>
  );
}

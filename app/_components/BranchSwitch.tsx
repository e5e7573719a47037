import type { MessageDetails } from "@/lib/wire";

import type { AgentSession } from "../_chat/agent-session";

interface BranchSwitchProps {
  details: MessageDetails | undefined;
  canAct: boolean;
  session: AgentSession;
}

/** `2 / 3` between two arrows, where a message has others in its place. */
export function BranchSwitch({ details, canAct, session }: BranchSwitchProps) {
  if (details === undefined || details.siblings.length < 2) return null;
  const { id, siblings } = details;
  const at = siblings.indexOf(id);
  const arrow = (name: string, sign: string, to: string | undefined) => (
    <button
      type="button"
      className="button-plain"
      aria-label={name}
      disabled={!canAct || to === undefined}
      onClick={() => to !== undefined && void session.switchTo(to)}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
  return (
    <span className="flex items-center text-xs text-quiet tabular-nums" data-testid="branches">
      {arrow("The version before", "‹", siblings[at - 1])}
      {at + 1} / {siblings.length}
      {arrow("The next version", "›", siblings[at + 1])}
    </span>
  );
}

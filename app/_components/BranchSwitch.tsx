import { useEffect, useRef } from "react";

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
  return <Arrows details={details} canAct={canAct} session={session} />;
}

/** Where an arrow leads: the arrows there take the focus of the one that was pressed, which goes. */
let awaited: { message: string; arrow: string } | null = null;

function Arrows({ details, canAct, session }: BranchSwitchProps & { details: MessageDetails }) {
  const { id, siblings } = details;
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (awaited?.message !== id) return;
    const { arrow } = awaited;
    awaited = null;
    const arrows = [...(place.current?.querySelectorAll<HTMLElement>("button:not(:disabled)") ?? [])];
    (arrows.find(({ ariaLabel }) => ariaLabel === arrow) ?? arrows[0])?.focus();
  }, [id]);
  const at = siblings.indexOf(id);
  const go = (message: string, arrow: string) => {
    awaited = { message, arrow };
    void session.switchTo(message);
  };
  const arrow = (name: string, sign: string, to: string | undefined) => (
    <button
      type="button"
      className="button-plain"
      aria-label={name}
      disabled={!canAct || to === undefined}
      onClick={() => to !== undefined && go(to, name)}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
  return (
    <span ref={place} className="flex items-center text-xs text-quiet tabular-nums" data-testid="branches">
      {arrow("The version before", "‹", siblings[at - 1])}
      {at + 1} / {siblings.length}
      {arrow("The next version", "›", siblings[at + 1])}
    </span>
  );
}

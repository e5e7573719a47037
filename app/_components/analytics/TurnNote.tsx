import Link from "next/link";

import { turnAddress } from "../../_analytics/ledger-address";

interface TurnNoteProps {
  run: string;
  /** It is a turn of the visitor's own. Of others nothing is known here but their steps. */
  isOwn: boolean;
  onAll: () => void;
}

/** That the steps of one turn are shown, and the ways from there. */
export function TurnNote({ run, isOwn, onAll }: TurnNoteProps) {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm" data-testid="turn-note">
      <span className="min-w-0">
        Steps of the run <code className="font-mono text-xs wrap-anywhere">{run}</code>
      </span>
      {isOwn && (
        <Link href={turnAddress(run)} prefetch={false} className="text-accent underline">
          Show this turn in the chat
        </Link>
      )}
      <button type="button" className="button-quiet" onClick={onAll}>
        Show all runs
      </button>
    </p>
  );
}

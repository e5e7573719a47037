import { ConversationLog } from "./ConversationLog";
import { Examples } from "./Examples";

interface EmptyPaneProps {
  /** Why a conversation is not shown yet; null: there is none. */
  status: string | null;
  /** About the turn that was asked for. */
  note: string | null;
  problem: string | null;
  onExample: (question: string) => void;
}

/** What stands where no conversation is, or where what shows one is still on its way to the browser. */
export function EmptyPane({ status, note, problem, onExample }: EmptyPaneProps) {
  return (
    <ConversationLog count={0} isBusy={status !== null}>
      <p role="status" className="text-center wrap-anywhere text-quiet empty:sr-only" data-testid="note">
        {note}
      </p>
      {status === null ? <Examples onChoose={onExample} /> : <p className="text-quiet">{status}</p>}
      {problem !== null && <p className="text-bad">{problem}</p>}
    </ConversationLog>
  );
}

import Link from "next/link";
import type { MouseEvent } from "react";

import { ledgerAddress, turnAddress } from "../../_analytics/ledger-address";

interface RunCellProps {
  run: string;
  /** It is a turn of the visitor's own. */
  isOwn: boolean;
  onRun: (run: string) => void;
}

/** The run of a step: leads to its other steps, and where it is the visitor's own to its answer in the chat. */
export function RunCell({ run, isOwn, onRun }: RunCellProps) {
  const show = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onRun(run);
  };
  return (
    <>
      <a
        href={ledgerAddress({ run, model: "", step: "" })}
        title={run}
        className="font-mono text-xs underline"
        onClick={show}
      >
        {run.slice(0, 8)}
      </a>
      {isOwn && (
        <Link
          href={turnAddress(run)}
          prefetch={false}
          aria-label={`The turn ${run.slice(0, 8)} in the chat`}
          className="ml-2 text-accent underline"
        >
          chat
        </Link>
      )}
    </>
  );
}

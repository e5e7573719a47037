"use client";

import type { AlertEntry } from "@/lib/wire";

import { useAlerts } from "../../_analytics/use-alerts";
import { formatCount } from "../../_analytics/words";
import { AlertRow } from "./AlertRow";

/** What the server's owner should know of now, and what there was; nothing while there is nothing. */
export function Alerts() {
  const { open, others, hide } = useAlerts();
  return (
    <>
      {/* Apart from what is seen: how long ago it began changes, and is not to be read out again. */}
      <p role="status" aria-atomic="false" className="sr-only" data-testid="alert-announcement">
        {open.map(({ id, text }) => (
          <span key={id}>Alert: {text} </span>
        ))}
      </p>
      {open.length + others.length > 0 && (
        <section aria-label="Alerts" className="flex flex-col gap-2">
          {open.length > 0 && (
            <div className="flex flex-col gap-2" data-testid="alerts">
              {open.map((alert) => (
                <AlertRow key={alert.id} alert={alert} onHide={() => hide(alert)} />
              ))}
            </div>
          )}
          {others.length > 0 && <OtherAlerts alerts={others} />}
        </section>
      )}
    </>
  );
}

/** What is over, and what was hidden, folded. */
function OtherAlerts({ alerts }: { alerts: readonly AlertEntry[] }) {
  return (
    <details className="text-sm" data-testid="past-alerts">
      <summary className="w-fit text-quiet">Past and hidden alerts ({formatCount(alerts.length)})</summary>
      <ol className="mt-1 flex max-h-72 flex-col gap-2 overflow-y-auto" tabIndex={0} aria-label="Alerts of before">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <AlertRow alert={alert} onHide={null} />
          </li>
        ))}
      </ol>
    </details>
  );
}

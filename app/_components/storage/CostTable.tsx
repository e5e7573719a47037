import type { StoragePlan } from "../../_storage/contract";
import { formatMoney, PHASE_TITLES } from "../../_storage/words";
import { NumberTable } from "../NumberTable";

/** What the same bytes cost a month, wherever they are kept: now, and after each phase. */
export function CostTable({ cost: { services, states } }: { cost: StoragePlan["cost"] }) {
  const columns = [
    ...states.map(({ state }) => (state === "now" ? "Now" : PHASE_TITLES[state])),
    "To fetch all once, now",
  ];
  const rows = services.map(({ id, label }) => {
    const own = states.map(({ costs }) => costs.find((cost) => cost.id === id));
    return {
      label,
      cells: [...own.map((cost) => formatMoney(cost?.monthly ?? null)), formatMoney(own[0]?.transfer ?? null)],
    };
  });
  return (
    <details className="text-sm" data-testid="cost">
      <summary>What it costs a month, wherever it is kept</summary>
      <NumberTable
        title="Cost a month in US dollars"
        corner="Kept at"
        columns={columns}
        rows={rows}
        height="max-h-80"
        labels="wrap-anywhere"
      />
      <ul className="mt-1 text-xs text-quiet">
        {services.map(({ id, label, about, sources }) => (
          <li key={id} className="wrap-anywhere">
            {label}: {about}{" "}
            {sources.map(({ what, url, as_of: asOf }) => (
              <a key={`${what} ${url}`} href={url} rel="noreferrer" className="mr-2 underline hover:text-ink">
                {what}
                {asOf !== null && ` (${asOf})`}
              </a>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

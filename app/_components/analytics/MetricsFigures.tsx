import type { MetricsSummary } from "@/lib/wire";

import { formatCount } from "../../_analytics/words";

/** The range of time in figures. */
export function MetricsFigures({ total }: Pick<MetricsSummary, "total">) {
  const figures: [name: string, value: number][] = [
    ["Turns", total.turns],
    ["Visitors", total.visitors],
    ["Conversations", total.conversations],
    ["Likes", total.likes],
    ["Dislikes", total.dislikes],
    ["Errors", Object.values(total.errors).reduce((sum, count) => sum + count, 0)],
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2" data-testid="metrics-figures">
      {figures.map(([name, value]) => (
        <div key={name} data-figure={name}>
          <dt className="text-sm text-quiet">{name}</dt>
          <dd className="text-2xl leading-tight font-semibold">
            <data value={value}>{formatCount(value)}</data>
          </dd>
        </div>
      ))}
    </dl>
  );
}

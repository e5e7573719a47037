import { formatCount } from "../../_analytics/words";
import type { StoragePlan } from "../../_storage/contract";
import { PHASE_TITLES } from "../../_storage/words";
import { Size } from "./Size";

/** The size of the folder now, and after each phase. */
export function PhaseTable({ plan }: { plan: StoragePlan }) {
  const head = "px-2 py-1 text-right font-semibold";
  const cell = "px-2 py-1 text-right tabular-nums";
  return (
    <div className="min-w-0 overflow-x-auto" role="region" aria-label="The size after each phase" tabIndex={0}>
      <table className="w-full border-collapse border border-line bg-surface text-sm" data-testid="phases">
        <caption className="sr-only">The size of the folder after each phase</caption>
        <thead>
          <tr className="bg-raised">
            <th scope="col" className="px-2 py-1 text-left font-semibold">
              Phase
            </th>
            <th scope="col" className={`${head} hidden sm:table-cell`}>
              Steps
            </th>
            <th scope="col" className={head}>
              Leaves
            </th>
            <th scope="col" className={head}>
              Size after
            </th>
            <th scope="col" className={`${head} hidden sm:table-cell`}>
              On disk after
            </th>
          </tr>
        </thead>
        <tbody>
          <tr className="border-t border-line" data-phase="now">
            <th scope="row" className="px-2 py-1 text-left font-normal">
              Now
            </th>
            <td className={`${cell} hidden sm:table-cell`} />
            <td className={cell} />
            <td className={cell}>
              <Size bytes={plan.apparent_size} />
            </td>
            <td className={`${cell} hidden sm:table-cell`}>
              <Size bytes={plan.size_on_disk} />
            </td>
          </tr>
          {plan.phases.map(({ phase, steps, ...sizes }) => (
            <tr key={phase} className="border-t border-line" data-phase={phase}>
              <th scope="row" className="px-2 py-1 text-left font-normal">
                {PHASE_TITLES[phase]}
              </th>
              <td className={`${cell} hidden sm:table-cell`}>{formatCount(steps.count)}</td>
              <td className={cell}>
                <Size bytes={sizes.apparent_size_before - sizes.apparent_size_after} />
              </td>
              <td className={cell}>
                <Size bytes={sizes.apparent_size_after} />
              </td>
              <td className={`${cell} hidden sm:table-cell`}>
                <Size bytes={sizes.size_on_disk_after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

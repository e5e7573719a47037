import { useCallback, useId, useMemo, useRef } from "react";

import type { StoragePlan } from "../../_storage/contract";
import { useComesNear } from "../../_storage/use-comes-near";
import { formatSize } from "../../_storage/words";
import type { ChartTheme } from "../answer/chart-colours";
import { FigureDownloads } from "../analytics/FigureDownloads";
import { useFigure } from "../analytics/use-figure";
import { phaseBars, phaseSettings } from "./phase-settings";

const PICTURE_HEIGHT = 320;

/** The size after each phase as bars, drawn when it comes near. Its words say the same, and so does the table beside it. */
export function PhaseChart({ plan }: { plan: StoragePlan }) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useComesNear(place);
  return (
    <div ref={place} className="min-h-80 min-w-0">
      {isNear && <DrawnPhases plan={plan} />}
    </div>
  );
}

function DrawnPhases({ plan }: { plan: StoragePlan }) {
  const id = useId();
  const bars = useMemo(() => phaseBars(plan), [plan]);
  const settings = useCallback((theme: ChartTheme) => phaseSettings(bars, theme), [bars]);
  const drawn = useFigure(settings);
  const title = "Size after each phase";
  const words = bars.map(({ name, size }) => `${name}: ${formatSize(size)}`).join("; ");
  return (
    <figure
      aria-labelledby={id}
      className="min-w-0 rounded-box border border-line bg-surface p-3"
      data-testid="phase-chart"
    >
      <figcaption id={id} className="text-sm font-semibold">
        {title}
      </figcaption>
      <div ref={drawn.frame} className="relative mt-2 h-52 min-w-0 border-line bg-surface text-quiet">
        <canvas ref={drawn.canvas} role="img" aria-labelledby={id} aria-describedby={`${id}-words`} />
      </div>
      {drawn.hasFailed && (
        <p className="text-sm text-bad">The drawing could not be loaded; the table has all figures.</p>
      )}
      <p id={`${id}-words`} className="sr-only">
        A bar chart. {words}.
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <FigureDownloads
          figure={drawn}
          title={title}
          legend={false}
          height={PICTURE_HEIGHT}
          numbers={() => ({ head: ["phase", "size (bytes)"], rows: bars.map(({ name, size }) => [name, size]) })}
        />
      </div>
    </figure>
  );
}

"use client";

import { useCallback, useId, useMemo } from "react";

import { formatBytes } from "../../_chat/format";
import type { RepoRow } from "../../_analytics/repo-rows";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { FigureDownloads } from "./FigureDownloads";
import { largestSettings, type SizeBar } from "./largest-settings";
import { useFigure } from "./use-figure";

const MOST_BARS = 12;
/** In pixels. */
const BAR_HEIGHT = 26;
const AXIS_HEIGHT = 36;
/** For the title and the legend of a picture. */
const PICTURE_MARGIN = 110;

/** The largest repositories as bars. Its words say the same; the table below has every figure. */
export function LargestChart({ rows }: { rows: readonly RepoRow[] }) {
  const id = useId();
  // Drawn again only when a figure has changed: the rows are new with every look at the server.
  const written = JSON.stringify(largestBars(rows));
  const bars = useMemo(() => JSON.parse(written) as SizeBar[], [written]);
  const settings = useCallback((theme: ChartTheme) => largestSettings(bars, theme), [bars]);
  const drawn = useFigure(settings);
  const { frame, canvas, hasFailed } = drawn;
  if (bars.length === 0) return null;
  const title = bars.length < rows.length ? `The ${bars.length} largest repositories` : "Repositories by size";
  const height = bars.length * BAR_HEIGHT + AXIS_HEIGHT;
  const hasLoose = bars.some(({ loose }) => loose > 0);
  return (
    <figure aria-labelledby={id} className="rounded-box border border-line bg-surface p-3" data-testid="largest">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 text-sm">
        <span id={id} className="font-semibold">
          {title}
        </span>
        {hasLoose && (
          <span className="flex flex-wrap gap-x-3 text-quiet" aria-hidden="true">
            <Swatch index={0}>in revisions</Swatch>
            <Swatch index={7}>unused or incomplete</Swatch>
          </span>
        )}
      </figcaption>
      <div ref={frame} className="relative mt-2 min-w-0 border-line bg-surface text-quiet" style={{ height }}>
        <canvas ref={canvas} role="img" aria-labelledby={id} aria-describedby={`${id}-words`} />
      </div>
      {hasFailed && <p className="text-sm text-bad">The drawing could not be loaded; the table has all figures.</p>}
      <p id={`${id}-words`} className="sr-only">
        {describeBars(bars)}
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <FigureDownloads
          figure={drawn}
          title={title}
          legend={hasLoose && "bottom"}
          height={height + PICTURE_MARGIN}
          numbers={() => ({
            head: ["repository", "in revisions (bytes)", "unused or incomplete (bytes)"],
            rows: bars.map(({ name, used, loose }) => [name, used, loose]),
          })}
        />
      </div>
    </figure>
  );
}

/** The largest first, with what is unused or incomplete in them. Pure. */
export function largestBars(rows: readonly RepoRow[]): SizeBar[] {
  return rows
    .map(({ repo, unused, incomplete }) => ({
      name: repo.repo_id,
      used: repo.size_on_disk,
      loose: unused.size_on_disk + incomplete.size_on_disk,
    }))
    .filter(({ used, loose }) => used + loose > 0)
    .sort((left, right) => right.used + right.loose - left.used - left.loose)
    .slice(0, MOST_BARS);
}

/** The chart in words. */
export function describeBars(bars: readonly SizeBar[]): string {
  const said = bars.map(({ name, used, loose }) => {
    const more = loose > 0 ? ` and ${formatBytes(loose)} unused or incomplete` : "";
    return `${name}: ${formatBytes(used)}${more}`;
  });
  return `A bar chart, largest first. ${said.join("; ")}.`;
}

function Swatch({ index, children }: { index: number; children: string }) {
  const background = `light-dark(${seriesColour(index, 8, false)}, ${seriesColour(index, 8, true)})`;
  return (
    <span className="flex items-center gap-1.5">
      <span className="size-2.5 rounded-full" style={{ background }} />
      {children}
    </span>
  );
}

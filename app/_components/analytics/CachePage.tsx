"use client";

import { useMemo, useState } from "react";

import { NO_PICKS, stillThere, withPart, type Part, type Picks } from "../../_analytics/picks";
import { repoRows } from "../../_analytics/repo-rows";
import { useCache } from "../../_analytics/use-cache";
import { useCleaning } from "../../_analytics/use-cleaning";
import { CacheFigures } from "./CacheFigures";
import { CacheProblem } from "./CacheProblem";
import { CleanBar } from "./CleanBar";
import { CleaningDialog } from "./CleaningDialog";
import { LargestChart } from "./LargestChart";
import { RepoTable } from "./RepoTable";

/** The Hugging Face cache: what is in it, and what can go. */
export function CachePage() {
  const { cache, problem, refresh } = useCache();
  const [picked, setPicked] = useState<Picks>(NO_PICKS);
  const cleaning = useCleaning(cache, refresh, ({ action }) => action === "rm" && setPicked(NO_PICKS));
  const { rows, warnings } = useMemo(() => (cache === null ? { rows: [], warnings: [] } : repoRows(cache)), [cache]);
  const picks = useMemo(() => stillThere(picked, rows), [picked, rows]);
  const pick = (parts: readonly Part[], isPicked: boolean) =>
    setPicked((before) => parts.reduce((known, part) => withPart(known, part, isPicked), before));
  return (
    <div className="flex flex-col gap-4">
      {problem !== null && <CacheProblem problem={problem} isStale={cache !== null} />}
      {cache === null && problem === null && <p className="text-quiet">The cache is being read.</p>}
      {cache !== null && (
        <>
          <p className="text-sm wrap-anywhere text-quiet">
            The Hugging Face cache at <code className="font-mono text-xs">{cache.cache_dir}</code>
          </p>
          <CacheFigures cache={cache} />
          {warnings.map((warning, index) => (
            <p key={index} className="text-sm wrap-anywhere text-bad" data-testid="warning">
              {warning}
            </p>
          ))}
          <LargestChart rows={rows} />
          <CleanBar picks={picks} onUnpick={() => setPicked(NO_PICKS)} onPlan={cleaning.plan} />
          <RepoTable rows={rows} listing={cache.id} picks={picks} onPick={pick} />
        </>
      )}
      <CleaningDialog used={cleaning} cache={cache} />
    </div>
  );
}

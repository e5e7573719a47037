import { formatAgo, formatCount } from "../../_analytics/words";
import { formatDuration } from "../../_chat/format";
import type { AuditProgress, StorageFolder } from "../../_storage/contract";
import type { UsedAuditRun } from "../../_storage/use-audit-run";
import { WORK_WORDS } from "../../_storage/words";
import { CleaningRefusal } from "../analytics/CleaningRefusal";
import { ProgressBar } from "./ProgressBar";

const STEPS: Record<AuditProgress["step"], string> = {
  walk: "Looking through the folders",
  headers: "Reading the headers of models",
  duplicates: "Comparing files of the same length",
  models: "Comparing models of the same shape",
};
const STEP_NAMES = Object.keys(STEPS) as AuditProgress["step"][];

interface AuditBarProps {
  folder: StorageFolder;
  run: UsedAuditRun;
}

/** When the folder was audited, the button that audits it, and how far an audit is. */
export function AuditBar({ folder, run }: AuditBarProps) {
  const { audit, running, is_there: isThere, is_changed: isChanged, name, path } = folder;
  // Another page may have begun it.
  const isAuditing = run.running !== null || running?.work === "audit";
  const progress = run.running?.progress ?? running?.audit ?? null;
  return (
    <section aria-label="Audit" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 text-sm wrap-anywhere text-quiet">
          <code className="font-mono text-xs text-ink">{path ?? name}</code>{" "}
          {audit === null
            ? "has not been audited yet"
            : `was audited ${formatAgo(audit.audited_at)}, in ${formatDuration(audit.took_ms)}`}
        </p>
        <button
          type="button"
          className={
            audit === null
              ? "rounded-control bg-accent-fill px-3 py-1 text-white hover:bg-accent-hover disabled:opacity-50"
              : "button-quiet disabled:opacity-50"
          }
          disabled={!isThere || isAuditing || running !== null}
          onClick={run.start}
        >
          {audit === null ? "Audit this folder" : "Audit again"}
        </button>
      </div>
      {!isThere && <p className="text-bad">There is no such folder now: look at MEMWELL_AUDIT_DIRS.</p>}
      {isChanged && !isAuditing && (
        <p className="text-sm text-bad">Something was done in it since. Audit again to see it as it is.</p>
      )}
      {running !== null && running.work !== "audit" && (
        <p className="text-sm text-quiet">The {WORK_WORDS[running.work]} goes on now.</p>
      )}
      {isAuditing && <AuditProgressView progress={progress} run={run} />}
      {run.refusal !== null && (
        <div className="max-w-prose rounded-box border border-line bg-surface p-3 text-sm" data-testid="audit-refused">
          <CleaningRefusal
            {...run.refusal}
            words="Looking is open to everybody; to audit a folder is not."
            onToken={run.giveToken}
            onClose={run.dismiss}
          />
        </div>
      )}
    </section>
  );
}

function AuditProgressView({ progress, run }: { progress: AuditProgress | null; run: UsedAuditRun }) {
  const step = progress === null ? 0 : STEP_NAMES.indexOf(progress.step);
  const seen = progress?.nb_seen ?? 0;
  const isCancelling = run.running?.isCancelling ?? false;
  return (
    <div className="flex flex-col gap-1 text-sm" data-testid="audit-progress">
      <ProgressBar label="How far the audit is" value={step} max={STEP_NAMES.length} />
      <div className="flex flex-wrap items-center gap-3">
        <p className="tabular-nums">
          {progress === null ? "It begins" : `${STEPS[progress.step]}, ${formatCount(seen)} files and folders`}
        </p>
        <button type="button" className="button-quiet disabled:opacity-50" disabled={isCancelling} onClick={run.cancel}>
          Cancel
        </button>
      </div>
    </div>
  );
}

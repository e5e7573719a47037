import { useCallback, useState } from "react";

import type { StorageFolder, StoragePlan, StorageReport, StorageTrash } from "../../_storage/contract";
import { useAnswer } from "../../_storage/use-answer";
import { useAuditRun } from "../../_storage/use-audit-run";
import { useStorageWork } from "../../_storage/use-storage-work";
import { AuditBar } from "./AuditBar";
import { Explorer } from "./Explorer";
import { Found } from "./Found";
import { PlanSection } from "./PlanSection";
import { StorageFigures } from "./StorageFigures";
import { TrashSection } from "./TrashSection";
import { WorkDialog } from "./WorkDialog";

interface FolderStorageProps {
  folder: StorageFolder;
  /** From the folder on. */
  path: string;
  onGo: (path: string) => void;
  /** Reads what is known of the folders again. */
  refresh: () => Promise<void>;
}

/** One folder: its audit, what is in it, what could be done, and what was. */
export function FolderStorage({ folder, path, onGo, refresh }: FolderStorageProps) {
  const { name, audit } = folder;
  const query = `folder=${encodeURIComponent(name)}`;
  const [changes, setChanges] = useState(0);
  const report = useAnswer<StorageReport>(audit === null ? null : `/api/storage/report?${query}`, audit?.id);
  const plan = useAnswer<StoragePlan>(audit === null ? null : `/api/storage/plan?${query}`, audit?.id);
  const trash = useAnswer<StorageTrash>(`/api/storage/trash?${query}`, `${audit?.id} ${changes}`);
  const run = useAuditRun(name, refresh);
  const startAudit = run.start;
  const onEnd = useCallback(() => {
    setChanges((count) => count + 1);
    // What is on the disk now is what the page must show, and what the next plan is made of.
    startAudit();
  }, [startAudit]);
  const work = useStorageWork(name, onEnd);
  const total = report.body?.total ?? null;
  return (
    <div className="flex flex-col gap-5" data-testid="storage" data-audit={report.body?.id}>
      <AuditBar folder={folder} run={run} />
      {report.problem !== null && (
        <p role="alert" className="wrap-anywhere text-bad">
          {report.problem.message}
        </p>
      )}
      {report.body !== null && (
        <>
          <StorageFigures report={report.body} />
          <Explorer folder={name} audit={report.body.id} path={path} onGo={onGo} />
        </>
      )}
      {trash.body !== null && trash.body.entries.count > 0 && <TrashSection trash={trash.body} onAsk={work.ask} />}
      {plan.problem !== null && (
        <p role="alert" className="wrap-anywhere text-bad">
          No plan could be made: {plan.problem.message}
        </p>
      )}
      {plan.body !== null && <PlanSection key={plan.body.id} plan={plan.body} onAsk={work.ask} />}
      {report.body !== null && <Found report={report.body} />}
      <WorkDialog used={work} total={total} isAuditing={run.running !== null} onRenew={startAudit} />
    </div>
  );
}

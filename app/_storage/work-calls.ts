import type {
  ApplyProgress,
  RestoreProgress,
  StorageApplied,
  StorageEmptied,
  StoragePhase,
  StoragePlan,
  StorageRestored,
  StorageResumed,
  StorageTrash,
} from "./contract";

export type TrashEntry = StorageTrash["entries"]["entries"][number];

/** Which steps of a plan; of a whole phase also those that no list shows. */
export interface ChosenSteps {
  phases: StoragePhase["phase"][];
  steps: string[];
  /** ORG/NAME; an empty text: nothing is uploaded. */
  publishTo: string;
}

/** Something to be done in a folder, as the dialog was asked for it. */
export type WorkCall =
  /** `isTry`: only what would be done is asked for. */
  | { work: "apply"; plan: StoragePlan; chosen: ChosenSteps; isTry: boolean }
  | { work: "undo"; entry: TrashEntry }
  | { work: "resume"; entry: TrashEntry }
  /** Null: all of the trash. */
  | { work: "empty-trash"; entry: TrashEntry | null; trash: StorageTrash };

/** How far it is. */
export type WorkProgress = ApplyProgress | RestoreProgress;

/** What it ended with. */
export interface WorkDone {
  applied?: StorageApplied;
  restored?: StorageRestored;
  resumed?: StorageResumed | null;
  emptied?: StorageEmptied;
}

const ADDRESSES = { apply: "apply", undo: "undo", resume: "resume", "empty-trash": "empty" } as const;

/** What is sent for a call, and where to. Pure. */
export function requestOf(folder: string, call: WorkCall): { address: string; body: object } {
  return { address: `/api/storage/${ADDRESSES[call.work]}`, body: { folder, ...fieldsOf(call) } };
}

function fieldsOf(call: WorkCall): object {
  switch (call.work) {
    case "apply":
      return applyFields(call.plan, call.chosen);
    case "undo":
      return { id: call.entry.id };
    case "resume":
      return {};
    case "empty-trash":
      return call.entry === null ? {} : { ids: [call.entry.id] };
  }
}

/** Of `POST /api/storage/apply`. */
export function applyFields(plan: StoragePlan, { phases, steps, publishTo }: ChosenSteps): object {
  return { plan: plan.id, phases, steps, ...(publishTo !== "" && { publish_to: publishTo }) };
}

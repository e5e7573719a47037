import type { Config } from "../../config";
import type { LoadProgress } from "../../engine";
import type { ErrorRecord } from "../../errors";
import type { CatalogueEntry } from "../../hub";
import type { FetchEvent } from "../fetch-events";
import type { ModelRole } from "../model-registry";

/**
 * Whether a model can answer on this machine. The first that holds:
 *
 * | mark     | it means                                                                |
 * |----------|-------------------------------------------------------------------------|
 * | `no`     | it is too large for the memory, even alone                              |
 * | `disk`   | the disk, or the budget for models on it, is too small for its download |
 * | `beside` | it stays in memory beside the model of the other role                   |
 * | `alone`  | the two take turns in memory                                            |
 */
export type FitMark = "no" | "disk" | "beside" | "alone";

/** In bytes. */
export interface CatalogueFit {
  mark: FitMark;
  /** What it would hold. */
  neededBytes: number;
  /** Read from its header; else estimated from the size of its file. */
  isForecast: boolean;
  /** What models may hold together. */
  roomBytes: number;
  /** What the model of the other role holds; 0 where it would be the same. */
  otherBytes: number;
  /** What would be downloaded first, and what the disk or the budget for it has; null for what the disk does not say. */
  downloadBytes: number;
  freeDiskBytes: number | null;
}

/** A model of the catalogue on this machine. */
export interface CatalogueModel extends Omit<CatalogueEntry, "repo" | "file" | "quant" | "revision"> {
  /** `hf:ORG/REPO...`; null: the models that are there without a choice. */
  reference: string | null;
  /** In bytes; null while nobody knows. */
  size: number | null;
  /** It was read on this disk or from the Hub; else it is what the catalogue says, or about so much. */
  isSizeExact: boolean;
  isOnDisk: boolean;
  /** In which roles it answers now. */
  usedAs: ModelRole[];
  /** Null where nothing is known of its size. */
  fit: CatalogueFit | null;
}

export interface CatalogueReport {
  date: string;
  models: CatalogueModel[];
  /** The setting that names the model of a role, and so keeps it from being chosen; null where none does. */
  lockedBy: Record<ModelRole, string | null>;
}

/** Which model is to answer. Without roles: in those it is meant for, as far as no setting keeps them. */
export interface UseCall {
  id: string;
  role?: ModelRole | undefined;
}

/**
 * A change of the model that answers.
 *
 * | phase         | what happens                                   | goes on with                     |
 * |---------------|------------------------------------------------|----------------------------------|
 * | `checking`    | its size is looked up: would it fit?           | `downloading`, `failed`          |
 * | `downloading` | its files are fetched                          | `loading`, `failed`, `cancelled` |
 * | `loading`     | it is loaded; the one before still answers     | `done`, `failed`, `cancelled`    |
 * | `done`        | what is asked from now on is answered by it    |                                  |
 * | `failed`      | the one before answers on; `error` says why    |                                  |
 * | `cancelled`   | the one before answers on; what was downloaded stays for the next try |           |
 */
export interface ModelUse {
  id: string;
  name: string;
  roles: ModelRole[];
  phase: "checking" | "downloading" | "loading" | "done" | "failed" | "cancelled";
  /** While `downloading`. */
  download: FetchEvent | null;
  /** While `loading`, once its turn has come. */
  load: LoadProgress | null;
  error: ErrorRecord | null;
  /** Why the choice is gone with the next start; null where it is kept. */
  notKept: string | null;
}

/** What may be chosen of a configuration: the rest of it stays. */
export type ModelChoice = Pick<Config, "responseModel" | "reasoningModel" | "chosenRoles">;

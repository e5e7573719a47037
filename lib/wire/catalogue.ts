import { z } from "zod";
import type { LoadProgress } from "../engine";
import type { ErrorRecord } from "../errors";
import { fetchingComment, type FetchingComment, type FetchProgress, type LoadingComment } from "./progress";
import { valueRefusal } from "./refusals";
import { text } from "./request-fields";

/** What the encoder needs; the runtime's `CatalogueReport` fits. In bytes and tokens. */
export interface CatalogueFigures {
  date: string;
  models: (Omit<CatalogueEntryBody, "size_exact" | "on_disk" | "used_as" | "fit"> & {
    isSizeExact: boolean;
    isOnDisk: boolean;
    usedAs: Role[];
    fit: {
      mark: CatalogueFitBody["mark"];
      neededBytes: number;
      isForecast: boolean;
      roomBytes: number;
      otherBytes: number;
      downloadBytes: number;
      freeDiskBytes: number | null;
    } | null;
  })[];
  lockedBy: Record<Role, string | null>;
}

type Role = "response" | "reasoning";

/** Whether a model can answer on this machine. In bytes. */
export interface CatalogueFitBody {
  /**
   * `beside`: beside the model of the other role; `alone`: the two take turns; `no`: not in this memory; `disk`: the disk is
   * too small for its download.
   */
  mark: "no" | "disk" | "beside" | "alone";
  /** What it would hold; `forecast`: from its header, else about so much. */
  needed: number;
  forecast: boolean;
  /** What models may hold together, and what the one of the other role does. */
  room: number;
  other: number;
  /** What would be downloaded, and what there is for it; null where the disk does not say. */
  download: number;
  free_disk: number | null;
}

/** A model to choose from. */
export interface CatalogueEntryBody {
  id: string;
  name: string;
  roles: Role[];
  /** `hf:ORG/REPO...`; null: the models that are there without a choice. */
  reference: string | null;
  /** Of its files, in bytes; exact when it was read, not looked up. */
  size: number | null;
  size_exact: boolean;
  parameters: number | null;
  context: number | null;
  license: string | null;
  words: string | null;
  /** The page with its terms. */
  source: string | null;
  /** Its files are here. */
  on_disk: boolean;
  /** In which roles it answers now. */
  used_as: Role[];
  /** Null where its size is unknown, or not for the caller to see. */
  fit: CatalogueFitBody | null;
}

/** The body of `GET /api/models/catalogue`, and what `models list --json` prints. */
export interface CatalogueBody {
  /** When its figures were looked up. */
  date: string;
  models: CatalogueEntryBody[];
  /** The setting that names the model of a role, and so keeps it from being chosen. */
  locked_by: Record<Role, string | null>;
  /** The change under way, or the last one. */
  use: ModelUseBody | null;
  /** Whether the caller may choose: `token` where the admin token would let him. */
  may_use: "yes" | "token" | "no";
}

/** What the encoder needs; the runtime's `ModelUse` fits. */
export interface ModelUseFigures extends Pick<ModelUseBody, "id" | "name" | "roles" | "phase"> {
  download: FetchProgress | null;
  load: LoadProgress | null;
  error: ErrorRecord | null;
  notKept: string | null;
}

/** A change of the model that answers, as `/api/models/use` tells it. */
export interface ModelUseBody {
  id: string;
  name: string;
  roles: Role[];
  phase: "checking" | "downloading" | "loading" | "done" | "failed" | "cancelled";
  download: FetchingComment | null;
  load: LoadingComment | null;
  /** Null also for who may not choose. */
  error: { code: string; message: string } | null;
  /** Why the choice is gone with the next start; null where it is kept. */
  not_kept: string | null;
}

/**
 * @param caller.sees whether memory and disk are his to see
 */
export function encodeCatalogue(
  { date, models, lockedBy }: CatalogueFigures,
  use: ModelUseFigures | null,
  caller: { mayUse: CatalogueBody["may_use"]; sees: boolean },
): CatalogueBody {
  return {
    date,
    models: models.map(({ isSizeExact, isOnDisk, usedAs, fit, ...said }) => ({
      ...said,
      size_exact: isSizeExact,
      on_disk: isOnDisk,
      used_as: usedAs,
      fit: fit === null || !caller.sees ? null : encodeFit(fit),
    })),
    locked_by: lockedBy,
    use: use === null ? null : encodeModelUse(use, caller.mayUse === "yes"),
    may_use: caller.mayUse,
  };
}

/** @param isAdmin what went wrong tells where files are on this machine: nothing for strangers */
export function encodeModelUse(use: ModelUseFigures, isAdmin: boolean): ModelUseBody {
  const { id, name, roles, phase, download, load, error } = use;
  return {
    id,
    name,
    roles,
    phase,
    download: download === null ? null : fetchingComment(download),
    load: load === null ? null : { stage: load.stage, percent: Math.round(load.fraction * 100) },
    error: error === null || !isAdmin ? null : { code: error.code, message: error.message },
    not_kept: isAdmin ? use.notKept : null,
  };
}

type FitFigures = NonNullable<CatalogueFigures["models"][number]["fit"]>;

function encodeFit(fit: FitFigures): CatalogueFitBody {
  return {
    mark: fit.mark,
    needed: fit.neededBytes,
    forecast: fit.isForecast,
    room: fit.roomBytes,
    other: fit.otherBytes,
    download: fit.downloadBytes,
    free_disk: fit.freeDiskBytes,
  };
}

const useSchema = z.strictObject({
  id: text(200),
  role: z.enum(["response", "reasoning"], { error: "response or reasoning" }).optional(),
});

/**
 * Reads the body of `POST /api/models/use`: `{id, role}`; without a role it is used for what it is meant for.
 *
 * @throws MemwellError `invalid_request`, naming the field
 */
export function parseUseCall(body: unknown): { id: string; role: Role | undefined } {
  const result = useSchema.safeParse(body);
  if (result.success) return { id: result.data.id, role: result.data.role };
  const [issue] = result.error.issues;
  const fields = (typeof body === "object" ? body : null) as Record<string, unknown> | null;
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    throw valueRefusal([key], fields?.[key], "nothing of this name");
  }
  const [field] = issue?.path ?? [];
  if (field === undefined) throw valueRefusal([], body, "an object with id, and perhaps role");
  throw valueRefusal([String(field)], fields?.[String(field)], issue?.message ?? "");
}

import { z } from "zod";
import type { ErrorRecord } from "../errors";
import { errorBody, type ErrorBody } from "./errors";
import { queryText } from "./query-fields";
import { valueRefusal } from "./refusals";
import { shortList, text, trueOrFalse } from "./request-fields";
import { dataFrame } from "./sse";

const PHASES = ["cleanup", "external-storage", "shared-cache", "compression"] as const;
const MOST_STEPS = 20_000;
const MOST_IDS = 1_000;
const LONGEST_PATH = 4096;

/** What is asked of `POST /api/storage/apply`: nothing chosen is all of the plan. */
export interface StorageApplyCall {
  folder: string;
  plan: string;
  phases: (typeof PHASES)[number][] | undefined;
  steps: string[] | undefined;
  /** ORG/NAME, where what is only here is uploaded before it leaves. */
  publishTo: string | undefined;
  dryRun: boolean;
}

const name = text(255);
const list = <Entry extends z.ZodType>(entry: Entry, most: number, error: string) =>
  shortList(most, error).pipe(z.array(entry, { error }));

const repoName = () => {
  const error = "a repository of the Hub, as ORG/NAME";
  return z
    .string({ error })
    .max(200, { error })
    .regex(/^[\w.-]+\/[\w.-]+$/, { error });
};

const schemas = {
  folder: z.strictObject({ folder: name }),
  apply: z.strictObject({
    folder: name,
    plan: text(64),
    phases: list(
      z.enum(PHASES, { error: PHASES.join(", ") }),
      PHASES.length,
      `a list of ${PHASES.join(", ")}`,
    ).optional(),
    steps: list(text(64), MOST_STEPS, `a list of up to ${MOST_STEPS} ids of steps`).optional(),
    publish_to: repoName().optional(),
    dry_run: trueOrFalse().optional(),
  }),
  undo: z.strictObject({ folder: name, id: text(200) }),
  empty: z.strictObject({ folder: name, ids: list(text(200), MOST_IDS, `a list of up to ${MOST_IDS} ids`).optional() }),
};

/** Reads `{folder}`: what is audited, resumed or cancelled. @throws MemwellError `invalid_request` */
export function parseStorageFolder(body: unknown): string {
  return parse(schemas.folder, body).folder;
}

/** @throws MemwellError `invalid_request`, naming the field */
export function parseStorageApply(body: unknown): StorageApplyCall {
  const { folder, plan, phases, steps, publish_to: publishTo, dry_run: dryRun = false } = parse(schemas.apply, body);
  return { folder, plan, phases, steps, publishTo, dryRun };
}

/** Reads `{folder, id}`: which apply is undone. @throws MemwellError `invalid_request` */
export function parseStorageUndo(body: unknown): { folder: string; id: string } {
  return parse(schemas.undo, body);
}

/** Reads `{folder, ids?}`: what of the trash is emptied; null: all. @throws MemwellError `invalid_request` */
export function parseStorageEmpty(body: unknown): { folder: string; ids: string[] | null } {
  const { folder, ids = null } = parse(schemas.empty, body);
  return { folder, ids };
}

/** Reads `?folder=NAME`. @throws MemwellError `invalid_request` */
export function parseStorageQuery(parameters: URLSearchParams): string {
  const folder = queryText(parameters, "folder");
  if (folder === undefined)
    throw valueRefusal(["folder"], undefined, "the name of a folder, as GET /api/storage lists it");
  return folder;
}

/** Reads `?folder=NAME&path=a/b`; without a path, the folder itself. @throws MemwellError `invalid_request` */
export function parseStorageViewQuery(parameters: URLSearchParams): { folder: string; path: string } {
  const path = parameters.get("path") || ".";
  if (path.length > LONGEST_PATH) throw valueRefusal(["path"], path, `a path of up to ${LONGEST_PATH} characters`);
  return { folder: parseStorageQuery(parameters), path };
}

/** An event of the storage's routes for who accepts `text/event-stream`; the last one is `done` or `failed`. */
export type StorageFrame<Progress, Done> =
  ({ type: "progress" } & Progress) | ({ type: "done" } & Done) | ({ type: "failed" } & ErrorBody);

/** @param event the runtime's `WorkEvent` */
export function encodeWork(event: { type: "progress" | "done" } | { type: "failed"; error: ErrorRecord }): string {
  return dataFrame("error" in event ? { type: "failed", ...errorBody(event.error) } : event);
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  if (unknown !== undefined) throw valueRefusal([unknown], valueAt(body, [unknown]), "nothing of this name");
  const path = (issue?.path ?? []) as (string | number)[];
  throw valueRefusal(path, valueAt(body, path), path.length === 0 ? "an object" : (issue?.message ?? ""));
}

function valueAt(body: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}

import { z } from "zod";
import { readPlanId } from "./cleaning";
import { valueRefusal } from "./refusals";
import { text, trueOrFalse, wholeNumberBetween } from "./request-fields";

const MOST_TARGETS = 1_000;

const targets = z
  .array(text(500), { error: `a list of 1 to ${MOST_TARGETS} texts` })
  .min(1, { error: `a list of 1 to ${MOST_TARGETS} texts` })
  .max(MOST_TARGETS, { error: `a list of 1 to ${MOST_TARGETS} texts` });

const actions = {
  rm: z.strictObject({ action: z.literal("rm"), targets }),
  prune: z.strictObject({ action: z.literal("prune") }),
  keep: z.strictObject({
    action: z.literal("keep"),
    count: wholeNumberBetween(0, 1e6).optional(),
    max_size: wholeNumberBetween(0, Number.MAX_SAFE_INTEGER).optional(),
    all_types: trueOrFalse().optional(),
  }),
};

/** What is asked of `POST /api/cache/plan`; the runtime's `CacheRequest` is this. `maxSize` in bytes. */
export type CacheCall =
  | { action: "rm"; targets: string[] }
  | { action: "prune" }
  | {
      action: "keep";
      count: number | undefined;
      maxSize: number | undefined;
      types: ("model" | "dataset" | "space")[];
    };

/**
 * Reads the body of `POST /api/cache/plan`.
 *
 * @throws MemwellError `invalid_request`, naming the field
 */
export function parseCacheCall(body: unknown): CacheCall {
  const action = isObject(body) ? body["action"] : undefined;
  if (!isObject(body) || typeof action !== "string" || !Object.hasOwn(actions, action))
    throw valueRefusal(["action"], action, "rm, prune or keep");
  const result = actions[action as keyof typeof actions].safeParse(body);
  if (!result.success) {
    const [issue] = result.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
    if (unknown !== undefined) throw valueRefusal([unknown], body[unknown], `nothing of this name in ${action}`);
    const path = (issue?.path ?? []) as (string | number)[];
    throw valueRefusal(
      path,
      path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], body),
      issue?.message ?? "",
    );
  }
  const call = result.data;
  if (call.action !== "keep") return call;
  if (call.count === undefined && call.max_size === undefined)
    throw valueRefusal(["count"], undefined, "a number of repositories; or give max_size in bytes, or both");
  return {
    action: "keep",
    count: call.count,
    maxSize: call.max_size,
    types: call.all_types ? ["model", "dataset", "space"] : ["model"],
  };
}

/**
 * Reads the body of `POST /api/cache/apply`: that of the plan, with the `id` of the plan that was shown.
 *
 * @throws MemwellError `invalid_request`, naming the field
 */
export function parseCacheApply(body: unknown): { call: CacheCall; id: string } {
  const { id, ...rest } = isObject(body) ? body : {};
  return { id: readPlanId(id), call: parseCacheCall(rest) };
}

/** A listing of the cache with every path counted from the cache's parent folder, which is left out. */
export function withoutPaths<Listing extends { cache_dir: string }>(listing: Listing): Listing {
  const parent = listing.cache_dir.slice(0, listing.cache_dir.lastIndexOf("/") + 1);
  if (parent.length < 2) return listing;
  // In the text, since paths stand in many fields and inside of sentences.
  return JSON.parse(JSON.stringify(listing).replaceAll(JSON.stringify(parent).slice(1, -1), "")) as Listing;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

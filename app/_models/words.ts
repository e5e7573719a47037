import type { CatalogueEntryBody, CatalogueFitBody, ModelUseBody } from "@/lib/wire";

import { formatBytes } from "../_chat/format";
import { describeWait } from "../_chat/wait-words";
import { countParameters } from "./answering";

type Role = CatalogueEntryBody["roles"][number];

const ROLE_WORDS: Record<Role, string> = { response: "answers", reasoning: "thinking" };

/** `answers`, `thinking`, `answers and thinking`. */
export function roleWords(roles: readonly Role[]): string {
  return roles.map((role) => ROLE_WORDS[role]).join(" and ");
}

/** `2.5 GB`, and `about` before it while no file was read; empty for what nobody knows. */
export function sizeWords({ size, size_exact: isExact }: CatalogueEntryBody): string {
  if (size === null) return "";
  return `${isExact ? "" : "about "}${formatBytes(size)}`;
}

/** `0.5 billion parameters`; null where nobody says. */
export function parameterWords({ parameters }: CatalogueEntryBody): string | null {
  return parameters === null || parameters < 1e5 ? null : countParameters(parameters);
}

/** Whether a model fits, and why not, in figures. */
export function fitWords({ mark, needed, forecast, room, other, download, free_disk }: CatalogueFitBody): string {
  const needs = `${forecast ? "" : "about "}${formatBytes(needed)}`;
  const hold = `of ${formatBytes(Math.max(0, room))} that models may hold`;
  switch (mark) {
    case "beside":
      return `Fits${other > 0 ? " beside the other model" : ""}: ${needs} ${hold}.`;
    case "alone":
      return `Fits alone, so that the two take turns: ${needs}, and ${formatBytes(other)} for the other, ${hold}.`;
    case "no":
      return `Does not fit: ${needs} ${hold}.`;
    case "disk":
      return `The disk is too small: ${formatBytes(download)} to download, room for ${formatBytes(free_disk ?? 0)}.`;
  }
}

export function isUnderWay(use: ModelUseBody | null): boolean {
  return use !== null && ["checking", "downloading", "loading"].includes(use.phase);
}

/** How far it is: "Downloading Qwen3 4B: 1.2 GB of 2.5 GB, 45 MB a second". */
export function useWords(use: ModelUseBody, now: number): string {
  const { name, phase, download, load, error } = use;
  switch (phase) {
    case "checking":
      return `Looking whether ${name} fits here.`;
    case "downloading":
      return download === null ? `Downloading ${name}.` : describeWait({ type: "fetching", ...download }, name, now);
    case "loading":
      return load === null
        ? `Waiting for room to load ${name}.`
        : describeWait({ type: "loading", ...load }, name, now);
    case "done":
      return `${name} is used for ${roleWords(use.roles)} from the next question on.`;
    case "cancelled":
      return `Cancelled: nothing was changed. What was downloaded of ${name} is kept for the next try.`;
    case "failed":
      return error?.message ?? `${name} could not be used. Nothing was changed.`;
  }
}

/** What a screen reader is told: not every percent. */
export function announcementOf(use: ModelUseBody): string {
  switch (use.phase) {
    case "checking":
      return "";
    case "downloading":
      return `${use.name} is being downloaded.`;
    case "loading":
      return `${use.name} is being loaded.`;
    default:
      return useWords(use, 0);
  }
}

/** The part that is done, 0 to 1; null where nobody can say. */
export function fractionOf({ phase, download, load }: ModelUseBody): number | null {
  if (phase === "loading" && load !== null) return load.percent / 100;
  const { received, total } = download ?? {};
  return phase === "downloading" && received !== undefined && total ? received / total : null;
}

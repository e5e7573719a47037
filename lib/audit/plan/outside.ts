import type { AuditModel } from "../contract";
import type { OnHub } from "../on-hub/contract";
import { sizeText } from "../report/words";
import type { Draft } from "./draft";
import { FROM_TRASH, lastUseOf } from "./remove-model";

/** Models that are loaded from the folder itself; the others go to where they are fetched from. */
const STAYS = new Set<AuditModel["kind"]>(["gguf", "adapter"]);

/** Large models and datasets: to the Hub, with a manifest that names them, and from there on first use. */
export function planExternalStorage(draft: Draft): void {
  const { external_from: least } = draft.rules;
  for (const model of draft.report.models) {
    const rest = draft.rest(model);
    if (STAYS.has(model.kind) || rest.paths.length === 0 || rest.apparent_size < least) continue;
    if (!draft.mayGo({ path: model.path, ...rest, lastUsed: lastUseOf(model) })) continue;
    const onHub = hubFilesOf(model, rest.paths);
    if (onHub !== null) {
      const why = `${onHub.repo} on the Hub has the same bytes: a manifest fetches it on first use`;
      const step = { action: "fetch-again", ...rest, what: model.path, why, risk: "low", undo: FETCH } as const;
      draft.add("external-storage", { ...step, on_hub: onHub });
    } else if (model.repo_id !== null && model.on_hub === undefined) {
      const why = `it came from ${model.repo_id} on the Hub: a manifest fetches it on first use`;
      const undo = `memwell models pull ${model.repo_id}`;
      draft.add("external-storage", { action: "fetch-again", ...rest, what: model.path, why, risk: "low", undo });
    } else {
      const near = draft.report.duplicates.near_base.find(({ path }) => path === model.path);
      const adapter = near === undefined ? "" : `; compare it with ${near.base} first, an adapter may do`;
      const other = model.repo_id === null ? "" : `; ${model.repo_id} on the Hub has other bytes now`;
      const why = `${sizeText(rest.apparent_size)} that need not be in each clone${adapter}${other}`;
      draft.add("external-storage", { action: "publish", ...rest, what: model.path, why, risk: "low", undo: FETCH });
    }
  }
  for (const file of draft.report.large_files) {
    const { path, kind, apparent_size, size_on_disk } = file;
    if (kind !== "dataset" || apparent_size < least) continue;
    const nbLinksFromElsewhere = file.nb_links_from_elsewhere;
    if (!draft.mayGo({ path, paths: [path], apparent_size, lastUsed: lastUseOf(file), nbLinksFromElsewhere })) continue;
    const why = "a dataset that need not be in each clone";
    const sizes = { paths: [path], apparent_size, size_on_disk };
    draft.add("external-storage", { action: "publish", ...sizes, what: path, why, risk: "low", undo: FETCH });
  }
}

const FETCH = "fetch it again by the manifest";

/** Where the Hub has these files of a model; null when it was not asked, or lacks one. */
function hubFilesOf({ on_hub: onHub }: AuditModel, paths: readonly string[]): OnHub | null {
  if (onHub == null) return null;
  const files = onHub.files.filter(({ path }) => paths.includes(path));
  return files.length === paths.length ? { ...onHub, files } : null;
}

/** What is left of copies, and the models that stay: stored once for all that use this machine. */
export function planSharedCache(draft: Draft): void {
  const originals = originalsOf(draft);
  for (const finding of draft.report.findings) {
    const { cause, path, paths, apparent_size, size_on_disk } = finding;
    const original = originals.get(path);
    if (cause !== "same-bytes" || original === undefined || original === path) continue;
    if (!draft.mayGo({ path, paths, apparent_size, lastUsed: lastUseOf(finding) })) continue;
    if (draft.isInHubCache(path) || draft.isInHubCache(original)) {
      draft.leave(path, apparent_size, `a Hugging Face cache holds it or ${original}, which a link would tie together`);
      continue;
    }
    const why = `the same bytes as ${original}`;
    const link = { to: original, kind: draft.rules.links };
    const step = { action: "link", paths, what: path, why, apparent_size, size_on_disk, link } as const;
    draft.add("shared-cache", { ...step, risk: "none", undo: FROM_TRASH });
  }
  for (const model of draft.report.models) {
    const { paths, apparent_size } = draft.rest(model);
    if (model.kind !== "gguf" || paths.length === 0 || paths.some((path) => draft.isInHubCache(path))) continue;
    if (!draft.mayGo({ path: model.path, paths, apparent_size, lastUsed: lastUseOf(model) })) continue;
    const why = "other folders of this machine can use it from the Hugging Face cache";
    // It stays on the same disk, as a rule: the folder gets smaller, the disk does not.
    const step = { action: "move-to-cache", paths, what: model.path, why, apparent_size, size_on_disk: 0 } as const;
    draft.add("shared-cache", { ...step, risk: "low", undo: "move it back from the cache" });
  }
}

/** For each copy the one that a link to it may lead to: the first that no step before took away. */
function originalsOf(draft: Draft): Map<string, string> {
  const originals = new Map<string, string>();
  const copies = new Set(draft.report.findings.flatMap(({ cause, path }) => (cause === "same-bytes" ? path : [])));
  for (const { paths } of draft.report.duplicates.same_bytes) {
    // Git's store and what tools made are no place to link to.
    const original = paths.find((path, index) => (index === 0 || copies.has(path)) && draft.isHere(path));
    if (original !== undefined) for (const path of paths) originals.set(path, original);
  }
  return originals;
}

/** Adapters in 32 bits lose nothing that matters in 16. */
export function planCompression(draft: Draft): void {
  for (const model of draft.report.models) {
    const { paths, apparent_size, size_on_disk } = draft.rest(model);
    if (model.kind !== "adapter" || model.quantization !== "F32" || !model.formats.includes("safetensors")) continue;
    if (paths.length === 0 || !draft.mayGo({ path: model.path, paths, apparent_size, lastUsed: lastUseOf(model) }))
      continue;
    draft.add("compression", {
      action: "compress",
      paths,
      what: model.path,
      why: "it is stored in 32 bits a value, and is used in 16: fetch or save it as F16",
      apparent_size: Math.floor(apparent_size / 2),
      size_on_disk: Math.floor(size_on_disk / 2),
      risk: "low",
      undo: "move the original back from the trash",
      is_estimate: true,
    });
  }
}

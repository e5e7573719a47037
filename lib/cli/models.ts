import { createRuntime, loadConfig } from "../runtime";
import { bytes, printJson, printTable } from "./output";
import { engineChildPath } from "./paths";
import { askServer, isNobodyThere, type ServerOptions } from "./server-client";

/** The fields of `/v1/models` this command shows. */
interface ListedModel {
  id: string;
  memwell?: {
    state?: string;
    roles?: string[];
    source?: string;
    file_bytes?: number | null;
    resident_bytes?: number | null;
    pinned?: boolean;
  };
}

/** The running server's models, or, when none runs, what the settings name. */
export async function listModels(options: ServerOptions): Promise<void> {
  const listed = await askServer<{ data: ListedModel[] }>(options, "GET", "/v1/models").catch((thrown: unknown) => {
    if (!isNobodyThere(thrown, options)) throw thrown;
    return listFromSettings();
  });
  if (options.json) return printJson(listed);
  const rows = listed.data.map((model) => [
    model.id,
    model.memwell?.roles?.join(",") ?? "",
    model.memwell?.state ?? "",
    bytes(model.memwell?.file_bytes),
    bytes(model.memwell?.resident_bytes),
    model.memwell?.pinned ? "yes" : "",
  ]);
  printTable([["ID", "ROLES", "STATE", "FILE", "IN MEMORY", "PINNED"], ...rows]);
}

export async function loadModel(id: string, options: ServerOptions): Promise<void> {
  await change(id, "load", options);
}

export async function unloadModel(id: string, options: ServerOptions): Promise<void> {
  await change(id, "unload", options);
}

/** Pinned, a model that is loaded is neither evicted nor unloaded when idle. */
export async function pinModel(id: string, options: ServerOptions): Promise<void> {
  await change(id, "pin", options);
}

export async function unpinModel(id: string, options: ServerOptions): Promise<void> {
  await change(id, "unpin", options);
}

type Action = "load" | "unload" | "pin" | "unpin";

async function change(id: string, action: Action, options: ServerOptions): Promise<void> {
  const model = await askServer<ListedModel>(options, "POST", `/api/models/${encodeURIComponent(id)}/${action}`);
  if (options.json) return printJson(model);
  const { state = "done", resident_bytes: inMemory, pinned } = model.memwell ?? {};
  const words = [state, ...(inMemory ? [`${bytes(inMemory)} in memory`] : []), ...(pinned ? ["pinned"] : [])];
  process.stdout.write(`${model.id}: ${words.join(", ")}\n`);
}

async function listFromSettings(): Promise<{ data: ListedModel[] }> {
  const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
  try {
    return {
      data: runtime.models().map(({ id, roles, state, source, fileBytes, pinned }) => ({
        id,
        memwell: { state, roles, source, file_bytes: fileBytes, resident_bytes: null, pinned },
      })),
    };
  } finally {
    await runtime.close();
  }
}

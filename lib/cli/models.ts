import { createRuntime, loadConfig, MemwellError, type ErrorCode } from "../runtime";
import { engineChildPath } from "./paths";

interface ModelOptions {
  json?: boolean;
  url?: string;
}

/** The fields of `/v1/models` this command shows. */
interface ListedModel {
  id: string;
  memwell?: {
    state?: string;
    roles?: string[];
    source?: string;
    file_bytes?: number | null;
    resident_bytes?: number | null;
  };
}

/** The running server's models, or, when none runs, what the settings name. */
export async function listModels(options: ModelOptions): Promise<void> {
  const listed = await ask<{ data: ListedModel[] }>(options, "GET", "/v1/models").catch((thrown: unknown) => {
    if (options.url !== undefined || !(thrown instanceof MemwellError && thrown.code === "not_found")) throw thrown;
    return listFromSettings();
  });
  if (options.json) return print(listed);
  const rows = listed.data.map((model) => [
    model.id,
    model.memwell?.roles?.join(",") ?? "",
    model.memwell?.state ?? "",
    bytes(model.memwell?.file_bytes),
    bytes(model.memwell?.resident_bytes),
  ]);
  printTable([["ID", "ROLES", "STATE", "FILE", "IN MEMORY"], ...rows]);
}

export async function loadModel(id: string, options: ModelOptions): Promise<void> {
  await change(id, "load", options);
}

export async function unloadModel(id: string, options: ModelOptions): Promise<void> {
  await change(id, "unload", options);
}

async function change(id: string, action: "load" | "unload", options: ModelOptions): Promise<void> {
  const model = await ask<ListedModel>(options, "POST", `/api/models/${encodeURIComponent(id)}/${action}`);
  if (options.json) return print(model);
  const inMemory = model.memwell?.resident_bytes;
  process.stdout.write(
    `${model.id}: ${model.memwell?.state ?? "done"}${inMemory ? `, ${bytes(inMemory)} in memory` : ""}\n`,
  );
}

async function listFromSettings(): Promise<{ data: ListedModel[] }> {
  const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
  try {
    return {
      data: runtime.models().map(({ id, roles, state, source, fileBytes }) => ({
        id,
        memwell: { state, roles, source, file_bytes: fileBytes, resident_bytes: null },
      })),
    };
  } finally {
    await runtime.close();
  }
}

/** @throws MemwellError `not_found` when no server answers, or what the server says went wrong. */
async function ask<T>(options: ModelOptions, method: string, path: string): Promise<T> {
  const address = options.url ?? `http://127.0.0.1:${loadConfig(process.env).port}`;
  const token = process.env["MEMWELL_ADMIN_TOKEN"];
  let response: Response;
  try {
    response = await fetch(new URL(path, address), {
      method,
      ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    });
  } catch (cause) {
    throw new MemwellError(
      "not_found",
      `No Memwell answers at ${address}. Start it with \`npm start\`, or name it with --url.`,
      { address },
      { cause },
    );
  }
  const body = (await response.json().catch(() => null)) as { error?: { code: ErrorCode; message: string } } | null;
  if (response.ok && body !== null) return body as T;
  const { code, message, ...fields } = body?.error ?? {
    code: "internal" as ErrorCode,
    message: `${address} answered with status ${response.status} and no reason. Is it a Memwell?`,
  };
  throw new MemwellError(code, message, fields);
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function printTable(rows: string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
}

function bytes(count: number | null | undefined): string {
  if (count == null) return "-";
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(2)} GB`;
}

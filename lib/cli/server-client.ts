import { loadConfig, MemwellError, type ErrorCode } from "../runtime";

/** What every command that asks a running server takes. */
export interface ServerOptions {
  json?: boolean;
  url?: string;
}

/**
 * One call to the running server.
 *
 * @param body sent as JSON
 * @throws MemwellError `not_found` when no server answers, or what the server says went wrong.
 */
export async function askServer<T>(options: ServerOptions, method: string, path: string, body?: object): Promise<T> {
  const address = options.url ?? `http://127.0.0.1:${loadConfig(process.env).port}`;
  const token = process.env["MEMWELL_ADMIN_TOKEN"];
  let response: Response;
  try {
    response = await fetch(new URL(path, address), {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new MemwellError(
      "not_found",
      `No Memwell answers at ${address}. Start it with \`npm start\`, or name it with --url.`,
      { address },
      { cause },
    );
  }
  const answer = (await response.json().catch(() => null)) as { error?: { code: ErrorCode; message: string } } | null;
  if (response.ok && answer !== null) return answer as T;
  const { code, message, ...fields } = answer?.error ?? {
    code: "internal" as ErrorCode,
    message: `${address} answered with status ${response.status} and no reason. Is it a Memwell?`,
  };
  throw new MemwellError(code, message, fields);
}

/** Whether a failure only says that no server runs at the usual place. */
export function isNobodyThere(thrown: unknown, options: ServerOptions): boolean {
  return options.url === undefined && thrown instanceof MemwellError && thrown.code === "not_found";
}

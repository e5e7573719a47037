import type {
  FetchingComment,
  LoadingComment,
  PrefillProgress,
  QueuedComment,
  WaitData,
  WaitSubject,
} from "@/lib/wire";

/** What an answer waits for before its model reads the prompt; of the agent's two models, which one. */
export type Wait = WaitSubject & WaitKind;

type WaitKind =
  | {
      type: "queued";
      position: number;
      /** When it is expected to go on, in ms since the epoch; null while nothing is known. */
      expectedAt: number | null;
      reason: string;
      models: string[];
    }
  | ({ type: "fetching" } & FetchingComment)
  | ({ type: "loading" } & LoadingComment);

/**
 * The reading progress told by a comment of the stream, as `encodeProgress` of lib/wire writes it; null when the comment
 * says something else. It lives here because lib/wire brings zod along, which the page has no use for.
 */
export function parseProgressComment(comment: string): PrefillProgress | null {
  const match = /^\s*prefill (\d+)\/(\d+)\s*$/.exec(comment);
  return match === null ? null : { evaluated: Number(match[1]), total: Number(match[2]) };
}

/** The wait told by a comment, as `encodeWait` of lib/wire writes it; null when the comment says something else. */
export function parseWaitComment(comment: string, now: number = Date.now()): Wait | null {
  const match = /^\s*(queued|fetching|loading) (\{.*\})\s*$/.exec(comment);
  const body = match === null ? null : parseJson(match[2] as string);
  if (body === null) return null;
  if (match?.[1] === "loading") {
    return { ...(body as LoadingComment), type: "loading" };
  }
  if (match?.[1] === "fetching") return { ...(body as FetchingComment), type: "fetching" };
  const { estimate_ms, ...rest } = body as QueuedComment;
  return { ...rest, type: "queued", expectedAt: estimate_ms === null ? null : now + estimate_ms };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The wait told by a `data-wait` part of the agent's stream. */
export function parseWait(data: WaitData, now: number): Wait {
  if (data.type !== "queued") return data;
  const { estimate_ms, ...rest } = data;
  return { ...rest, expectedAt: estimate_ms === null ? null : now + estimate_ms };
}

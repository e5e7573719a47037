import { setTimeout as sleep } from "node:timers/promises";

export interface WebhookOptions {
  /** http or https. */
  address: string;
  /** Of one try; 5 s by default. */
  timeoutMs?: number;
  /** Before the second try, the third and so on; in ms. */
  pausesMs?: readonly number[];
}

/** What a webhook is told: the alert as `GET /api/alerts` shows it. `text` alone is enough for Slack, `content` for Discord. */
export interface WebhookBody {
  text: string;
  content: string;
  alert: object;
}

/** A status that asking again would not change. */
const FINAL = new Set([400, 401, 403, 404, 405, 410, 413, 422]);

/**
 * Tells a webhook, and tries again when it does not answer, or says that it cannot now. No redirect is followed: who may be
 * told was said in the settings. What it answers is not read. Never throws.
 *
 * @param signal ends it, waiting included
 * @returns null when it was told, or why not, in words that name neither its path nor a secret in it
 */
export async function tellWebhook(
  { address, timeoutMs = 5_000, pausesMs = [1_000, 5_000, 30_000] }: WebhookOptions,
  body: WebhookBody,
  signal: AbortSignal,
): Promise<string | null> {
  let problem = "";
  for (let attempt = 0; attempt <= pausesMs.length; attempt++) {
    if (attempt > 0 && !(await pause(pausesMs[attempt - 1] ?? 0, signal))) break;
    const result = await tryOnce(address, timeoutMs, body, signal);
    if (result === null) return null;
    problem = result.problem;
    if (result.isFinal) break;
  }
  return `${new URL(address).host} was not told: ${problem}`;
}

async function tryOnce(
  address: string,
  timeoutMs: number,
  body: WebhookBody,
  signal: AbortSignal,
): Promise<{ problem: string; isFinal: boolean } | null> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
    if (response.ok) return null;
    const isRedirect = response.status >= 300 && response.status < 400;
    const problem = isRedirect ? `it redirects (${response.status})` : `it answered ${response.status}`;
    return { problem, isFinal: isRedirect || FINAL.has(response.status) };
  } catch {
    if (signal.aborted) return { problem: "Memwell was shutting down", isFinal: true };
    return { problem: timeout.aborted ? `no answer within ${timeoutMs} ms` : "it cannot be reached", isFinal: false };
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal, ref: false }).catch(() => false);
}

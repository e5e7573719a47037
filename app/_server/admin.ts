import { createHash, timingSafeEqual } from "node:crypto";

import { MemwellError } from "@/lib/runtime";

import { isLocalPeer } from "./peer";

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Lets pass who may load, unload or delete.
 *
 * 1. Whoever calls from this machine, by a name of this machine (a page elsewhere could otherwise reach us through DNS that
 *    points at 127.0.0.1), and not from a page of another origin.
 * 2. MEMWELL_ADMIN_TOKEN is set: whoever sends it as `Authorization: Bearer`.
 *
 * @param token the setting
 * @throws MemwellError `admin_only`; its field `accepts_token` says whether a token would help
 */
export function requireAdmin(request: Request, token: string | null): void {
  const { headers } = request;
  if (isLocalPeer(headers) && LOOPBACK_HOST.test(headers.get("host") ?? "") && isOwnOrigin(headers)) return;
  if (token === null)
    throw new MemwellError(
      "admin_only",
      "This call is only answered on the server's own machine: set MEMWELL_ADMIN_TOKEN and send it as Authorization: Bearer TOKEN.",
      { accepts_token: false },
    );
  const given = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  if (!sameText(given, token))
    throw new MemwellError("admin_only", "This call needs the admin token: send it as Authorization: Bearer TOKEN.", {
      accepts_token: true,
    });
}

/** As `requireAdmin`, for what everybody may ask and an administrator sees more of. */
export function mayAdminister(request: Request, token: string | null): boolean {
  try {
    requireAdmin(request, token);
    return true;
  } catch {
    return false;
  }
}

function isOwnOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  return origin === null || origin === `http://${headers.get("host")}`;
}

/** Compared by hash, so that neither content nor length shows in the time it takes. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

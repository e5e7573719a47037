import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

// A route handler sees headers only, and Next itself fills in X-Forwarded-For, so that a header a caller sent looks the
// same as one Next wrote. Node announces each request before Next touches it; the peer's address is put into a header
// whose name nobody outside can know.
const KEY = Symbol.for("memwell.peer-header");
const shared = globalThis as { [KEY]?: string };

const FORWARDED = /^(?:x-forwarded-.*|forwarded|x-real-ip|via)$/;
const LOOPBACK_ADDRESS = /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/;

/** Begins noting where requests come from. Safe to call twice. */
export function watchPeers(): void {
  if (shared[KEY] !== undefined) return;
  const header = `x-memwell-peer-${randomBytes(16).toString("hex")}`;
  shared[KEY] = header;
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const forwarded = Object.keys(request.headers).some((name) => FORWARDED.test(name));
    request.headers[header] = forwarded ? "forwarded" : (request.socket.remoteAddress ?? "unknown");
  });
}

/** Whether a request came straight from this machine: a loopback address, and no proxy in between. */
export function isLocalPeer(headers: Headers): boolean {
  const header = shared[KEY];
  return header !== undefined && LOOPBACK_ADDRESS.test(headers.get(header) ?? "");
}

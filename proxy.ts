import path from "node:path";

import { NextResponse } from "next/server";

import { contentSecurityPolicy } from "./app/_server/content-security-policy";
import { inlineScriptSources } from "./app/_server/inline-scripts";

/**
 * Known by their hashes and not by a nonce: a nonce is of one answer, so every page would be drawn for each visit, which
 * costs 5 ms and holds 30 MB. A page drawn for each visit has inline scripts of its own, and would need one.
 */
const policy = contentSecurityPolicy(
  process.env.NODE_ENV === "development"
    ? null
    : inlineScriptSources(path.join(/* turbopackIgnore: true */ process.cwd(), ".next", "server", "app")),
);

/** Gives each page its Content-Security-Policy. */
export function proxy(): NextResponse {
  const response = NextResponse.next();
  response.headers.set("content-security-policy", policy);
  return response;
}

/** Pages, the one for what is not found among them. Everything else has the policy of next.config.js. */
export const config = {
  matcher: ["/((?!_next/|api/|v1/|v1$|metrics$|healthz$|readyz$|icon\\.svg$).*)"],
};

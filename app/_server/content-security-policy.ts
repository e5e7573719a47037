/** A Space shows the app in a frame of huggingface.co; nobody else may. */
const FRAME_ANCESTORS = "frame-ancestors 'self' https://huggingface.co https://*.hf.space";

/**
 * The Content-Security-Policy of a page: scripts, styles, fonts and calls of this server alone, and of inline scripts
 * those that are known. Style attributes and style elements are forbidden too; scripts set styles on elements, which no
 * policy stops.
 *
 * @param inlineScripts their hashes; null for Next's development server, which writes scripts and styles into the page and
 *   evaluates code
 * @see https://www.w3.org/TR/CSP3/
 */
export function contentSecurityPolicy(inlineScripts: readonly string[] | null): string {
  return [
    "default-src 'self'",
    ["script-src 'self'", ...(inlineScripts ?? ["'unsafe-inline' 'unsafe-eval'"])].join(" "),
    inlineScripts === null ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    FRAME_ANCESTORS,
  ].join("; ");
}

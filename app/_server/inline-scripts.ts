import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The inline scripts of the pages that the build drew, each as a source of a Content-Security-Policy (`'sha256-...'`).
 * They are the theme's and those in which Next hands the page its data; no others run.
 *
 * @param folder where the build put its pages: `.next/server/app`
 * @throws when there is no such folder
 */
export function inlineScriptSources(folder: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
  const scripts = pages.flatMap((name) => {
    const html = readFileSync(path.join(/* turbopackIgnore: true */ folder, name), "utf8");
    return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(([, script]) => script!);
  });
  return [...new Set(scripts)].map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
}

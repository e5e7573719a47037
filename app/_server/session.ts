import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { MemwellError } from "@/lib/runtime";

const COOKIE = "memwell_session";
const KEY_FILE = "session.key";
const KEY_BYTES = 32;
const ID = /^[A-Za-z0-9_-]{32}$/;
const YEAR_S = 31_536_000;

/** Who calls: a visitor, known by a cookie that only this server can have made. */
export interface Session {
  /** What the visitor's conversations are kept under. */
  id: string;
  /** The header that gives a new visitor the cookie; null for one who has it. */
  setCookie: string | null;
}

/**
 * The visitor's session, a new one where the request brings none that is valid. The cookie is not readable by scripts, and
 * goes along inside the frame of a Space's page too.
 *
 * @param dataDir where the key lies that cookies are signed with; it is made at the first call
 * @throws MemwellError `cross_site` when a page of another site calls
 */
export function sessionOf(request: Request, dataDir: string): Session {
  refuseOtherSites(request);
  const key = keyOf(dataDir);
  const known = sessionIn(request.headers.get("cookie") ?? "", key);
  if (known !== null) return { id: known, setCookie: null };
  const id = randomBytes(24).toString("base64url");
  return { id, setCookie: setCookie(`${nameOf(key)}=${id}.${sign(id, key)}`, isSecure(request)) };
}

/** Adds a new visitor's cookie to an answer. */
export function withSession(response: Response, { setCookie }: Session): Response {
  if (setCookie !== null) response.headers.append("set-cookie", setCookie);
  return response;
}

/** A cookie that is sent inside other sites' frames is sent with other sites' forms too. */
function refuseOtherSites({ headers }: Request): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  // Older browsers tell the origin only, and programs tell neither.
  const isOrigin = origin === null || hostOf(origin) === headers.get("host");
  if (site === null ? isOrigin : site === "same-origin" || site === "none") return;
  throw new MemwellError(
    "cross_site",
    "Conversations are answered to Memwell's own pages only. From elsewhere, call POST /v1/chat/completions.",
  );
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** As the visitor's browser sees it: proxies, such as that of a Space, speak HTTP to us. */
function isSecure(request: Request): boolean {
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  return (forwarded ?? new URL(request.url).protocol.replace(":", "")) === "https";
}

function setCookie(value: string, secure: boolean): string {
  // Partitioned: browsers that keep no other site's cookies still keep one for each page that frames it.
  const where = secure ? "Secure; SameSite=None; Partitioned" : "SameSite=Lax";
  return `${value}; Path=/; Max-Age=${YEAR_S}; HttpOnly; ${where}`;
}

/** Browsers send a host's cookies to all its ports: another Memwell there has a key, and so a cookie, of its own. */
function nameOf(key: Buffer): string {
  return `${COOKIE}_${createHash("sha256").update(key).digest("hex").slice(0, 8)}`;
}

/** The id in the first cookie that is right. */
function sessionIn(header: string, key: Buffer): string | null {
  for (const part of header.split(";")) {
    const [name, value = ""] = part.trim().split("=", 2);
    const [id = "", signature = ""] = value.split(".", 2);
    if (name === nameOf(key) && ID.test(id) && isSigned({ id, signature }, key)) return id;
  }
  return null;
}

function sign(id: string, key: Buffer): string {
  return createHmac("sha256", key).update(id).digest("base64url");
}

function isSigned({ id, signature }: { id: string; signature: string }, key: Buffer): boolean {
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(id, key))];
  return given.length === right.length && timingSafeEqual(given, right);
}

// Each route is bundled with its own copy of this module: only globalThis is shared.
const KEYS = Symbol.for("memwell.session-keys");
const shared = globalThis as { [KEYS]?: Map<string, Buffer> };

function keyOf(dataDir: string): Buffer {
  const keys = (shared[KEYS] ??= new Map<string, Buffer>());
  let key = keys.get(dataDir);
  if (key === undefined) keys.set(dataDir, (key = readKey(dataDir)));
  return key;
}

/** The key on disk, so that visitors are known again after a restart; one for this process where no file can be had. */
function readKey(dataDir: string): Buffer {
  const file = path.join(dataDir, KEY_FILE);
  const fresh = randomBytes(KEY_BYTES);
  const own = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    try {
      // Whole or not at all, and the first of two servers wins.
      writeFileSync(own, fresh, { mode: 0o600, flag: "wx" });
      linkSync(own, file);
      return fresh;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
      const there = readFileSync(file);
      if (there.length === KEY_BYTES) return there;
      throw new Error(`${file} does not hold ${KEY_BYTES} bytes`, { cause: thrown });
    } finally {
      rmSync(own, { force: true });
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    process.stderr.write(`memwell: no key for sessions can be kept (${reason}): visitors are new after a restart.\n`);
    return fresh;
  }
}

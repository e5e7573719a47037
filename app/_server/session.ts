import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { MemwellError } from "@/lib/runtime";

import { KNOWN_BY_COOKIE, SESSION_HEADER } from "../_chat/session-header";

const COOKIE = "memwell_session";
const KEY_FILE = "session.key";
const KEY_BYTES = 32;
const ID = /^[A-Za-z0-9_-]{32}$/;
const YEAR_S = 31_536_000;

/** Who calls: a visitor, known by a token that only this server can have made. */
export interface Session {
  /** What the visitor's conversations are kept under. */
  id: string;
  /** `cookie`, `header`: what brought the token; `nothing`: the visitor is new. */
  knownBy: "cookie" | "header" | "nothing";
  /** The header that gives the visitor the cookie; null for one who has it. */
  setCookie: string | null;
  /** What a page sends in `SESSION_HEADER` where its browser keeps no cookies; null for a visitor who has the cookie. */
  token: string | null;
}

/**
 * The visitor's session, a new one where the request brings none that is valid. The cookie is not readable by scripts, and
 * goes along inside the frame of a Space's page too. A browser that keeps no cookies has a header in its place, which
 * counts for no more: pages of other sites are refused before either is looked at.
 *
 * @param dataDir where the key lies that cookies are signed with; it is made at the first call
 * @throws MemwellError `cross_site` when a page of another site calls
 */
export function sessionOf(request: Request, dataDir: string): Session {
  refuseOtherSites(request);
  const key = keyOf(dataDir);
  const inCookie = sessionIn(request.headers.get("cookie") ?? "", key);
  if (inCookie !== null) return { id: inCookie, knownBy: "cookie", setCookie: null, token: null };
  const inHeader = idIn(request.headers.get(SESSION_HEADER) ?? "", key);
  const id = inHeader ?? randomBytes(24).toString("base64url");
  const token = `${id}.${sign(id, key)}`;
  const cookie = setCookie(`${nameOf(key)}=${token}`, isSecure(request));
  return { id, knownBy: inHeader === null ? "nothing" : "header", setCookie: cookie, token };
}

/**
 * Tells the visitor's browser in an answer how it is known: the cookie, and for a page whose browser refuses it the token.
 *
 * @param change.isReading the call keeps nothing. It gives no cookie, which could come after that of a question asked
 *   meanwhile, in its place; nor does a new visitor become a known one by it.
 */
export function withSession(response: Response, session: Session, change = { isReading: false }): Response {
  const { knownBy, setCookie, token } = session;
  if (change.isReading && knownBy === "nothing") return response;
  if (setCookie !== null && !change.isReading) response.headers.append("set-cookie", setCookie);
  response.headers.set(SESSION_HEADER, token ?? KNOWN_BY_COOKIE);
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
    const id = name === nameOf(key) ? idIn(value, key) : null;
    if (id !== null) return id;
  }
  return null;
}

/** The id in a token; null where the token is not this server's. */
function idIn(token: string, key: Buffer): string | null {
  const [id = "", signature = ""] = token.split(".", 2);
  return ID.test(id) && isSigned({ id, signature }, key) ? id : null;
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

import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sessionOf, withSession } from "../../../app/_server/session";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "memwell-session-"))));
afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for("memwell.session-keys"));
  rmSync(folder, { recursive: true, force: true });
});

const request = (headers: Record<string, string> = {}, url = "http://memwell.test/api/chat") =>
  new Request(url, { headers: { host: new URL(url).host, ...headers } });
const cookieIn = (setCookie: string | null): string => setCookie?.split(";")[0] ?? "";
/** As another process reads it. */
const forgetKeys = () => Reflect.deleteProperty(globalThis, Symbol.for("memwell.session-keys"));

describe("a visitor", () => {
  it("is given a cookie once, and is known by it from then on, after a restart too", () => {
    const first = sessionOf(request(), folder);
    expect(first.setCookie).toMatch(
      /^memwell_session_[0-9a-f]{8}=[\w-]{32}\.[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    );
    const answer = withSession(new Response("hello"), first);
    expect(answer.headers.get("set-cookie")).toBe(first.setCookie);
    const cookie = `theme=dark; ${cookieIn(first.setCookie)}; more=1`;
    expect(sessionOf(request({ cookie }), folder)).toMatchObject({ id: first.id, setCookie: null, token: null });
    forgetKeys();
    expect(sessionOf(request({ cookie }), folder).id).toBe(first.id);
    expect(statSync(path.join(folder, "session.key")).mode & 0o777).toBe(0o600);
  });

  it("behind HTTPS gets a cookie that goes along inside a Space's frame", () => {
    const { setCookie } = sessionOf(request({ "x-forwarded-proto": "https, http" }), folder);
    expect(setCookie).toContain("; HttpOnly; Secure; SameSite=None; Partitioned");
  });

  it("that made its cookie up is a new one", () => {
    const known = sessionOf(request(), folder);
    const [name = "", value = ""] = cookieIn(known.setCookie).split("=");
    const [id = "", signature = ""] = value.split(".");
    const other = "A".repeat(32);
    for (const made of [
      other,
      `${other}.`,
      `${other}.${signature}`,
      `${id}.${"A".repeat(43)}`,
      `${id}.${signature}x`,
      id,
      "",
    ]) {
      const session = sessionOf(request({ cookie: `${name}=${made}` }), folder);
      expect([known.id, other]).not.toContain(session.id);
      expect(session.setCookie).not.toBeNull();
    }
  });

  it("keeps its session beside another Memwell's of the same host, and beside a wrong cookie", () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "memwell-session-"));
    const [here, there] = [sessionOf(request(), folder), sessionOf(request(), elsewhere)];
    const [name = ""] = cookieIn(here.setCookie).split("=");
    const wrong = `${name}=${"A".repeat(32)}.${"A".repeat(43)}`;
    const cookie = [wrong, cookieIn(there.setCookie), cookieIn(here.setCookie)].join("; ");
    expect(sessionOf(request({ cookie }), folder)).toMatchObject({ id: here.id, setCookie: null });
    expect(sessionOf(request({ cookie }), elsewhere)).toMatchObject({ id: there.id, setCookie: null });
    rmSync(elsewhere, { recursive: true });
  });

  it("of another server is a new one", () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), "memwell-session-"));
    const cookie = cookieIn(sessionOf(request(), elsewhere).setCookie);
    rmSync(elsewhere, { recursive: true });
    expect(sessionOf(request({ cookie }), folder).setCookie).not.toBeNull();
  });
});

describe("a visitor whose browser keeps no cookies", () => {
  const HEADER = "x-memwell-session";

  it("is told a token with the first answer, and is known by it in a header", () => {
    const first = sessionOf(request(), folder);
    expect(first.knownBy).toBe("nothing");
    const token = withSession(new Response(), first).headers.get(HEADER) ?? "";
    expect(token).toMatch(/^[\w-]{32}\.[\w-]{43}$/);
    const next = sessionOf(request({ [HEADER]: token }), folder);
    expect(next).toMatchObject({ id: first.id, knownBy: "header" });
    // Where cookies are allowed meanwhile, the visitor stays who he is.
    expect(cookieIn(next.setCookie)).toBe(cookieIn(first.setCookie));
    expect(withSession(new Response(), next).headers.get(HEADER)).toBe(token);
  });

  it("is given nothing for merely reading, and no cookie that could come too late", () => {
    const first = sessionOf(request(), folder);
    const read = withSession(new Response(), first, { isReading: true });
    expect([...read.headers]).toEqual([]);
    const known = sessionOf(request({ [HEADER]: first.token ?? "" }), folder);
    const again = withSession(new Response(), known, { isReading: true });
    expect([...again.headers.keys()]).toEqual([HEADER]);
  });

  it("whose browser keeps them after all is never told a token again", () => {
    const first = sessionOf(request(), folder);
    const other = sessionOf(request(), folder);
    const known = sessionOf(request({ cookie: cookieIn(first.setCookie), [HEADER]: other.token ?? "" }), folder);
    expect(known).toEqual({ id: first.id, knownBy: "cookie", setCookie: null, token: null });
    expect(withSession(new Response(), known).headers.get(HEADER)).toBe("cookie");
  });

  it("cannot be another visitor with a made-up token, nor from another site with a right one", () => {
    const { id, token } = sessionOf(request(), folder);
    for (const made of [`${id}.${"A".repeat(43)}`, `${id}.`, id, `${"A".repeat(32)}.${token?.split(".")[1]}`, "cookie"])
      expect(sessionOf(request({ [HEADER]: made }), folder)).toMatchObject({ knownBy: "nothing" });
    const elsewhere = { [HEADER]: token ?? "", "sec-fetch-site": "cross-site", origin: "https://evil.test" };
    expect(() => sessionOf(request(elsewhere), folder)).toThrow(expect.objectContaining({ code: "cross_site" }));
  });
});

describe("a page of another site", () => {
  it.each([
    ["the page itself", { "sec-fetch-site": "same-origin", origin: "http://memwell.test" }, true],
    ["somebody who typed the address", { "sec-fetch-site": "none" }, true],
    ["a program", {}, true],
    ["an older browser on the page itself", { origin: "http://memwell.test" }, true],
    [
      "the page behind a proxy that renames the host",
      { "sec-fetch-site": "same-origin", origin: "https://a.hf.space" },
      true,
    ],
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }, false],
    ["another site's image", { "sec-fetch-site": "cross-site" }, false],
    ["a sibling site", { "sec-fetch-site": "same-site", origin: "http://other.memwell.test" }, false],
    ["another scheme of this host", { "sec-fetch-site": "cross-site", origin: "http://memwell.test" }, false],
    ["an older browser on another site", { origin: "https://evil.test" }, false],
    ["a page without an origin", { origin: "null" }, false],
  ])("%s: is answered: %s", (_, headers, isAnswered) => {
    const ask = () => sessionOf(request(headers), folder);
    if (isAnswered) expect(ask).not.toThrow();
    else expect(ask).toThrow(expect.objectContaining({ code: "cross_site" }));
  });
});

describe("a key that cannot be kept", () => {
  it("costs visitors their session at a restart, and is told; nothing else", () => {
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    writeFileSync(path.join(folder, "session.key"), "short");
    const { id, setCookie } = sessionOf(request(), folder);
    expect(sessionOf(request({ cookie: cookieIn(setCookie) }), folder).id).toBe(id);
    expect(told.mock.calls.join()).toContain("session.key");
    told.mockRestore();
    expect(existsSync(path.join(folder, `session.key.${process.pid}`))).toBe(false);
  });
});

import { readdirSync, readFileSync, statSync } from "node:fs";
import type { BytePath } from "../walk/byte-path";

/** What processes have open or mapped at one moment. */
export interface OpenInodes {
  /** Who has this file open, as a text; null: nobody that can be seen. `identity`: as `identityOf` writes it. */
  holderOf(identity: string, path: BytePath): string | null;
}

/** A look at all processes takes tens of milliseconds; between the steps of one apply it is good for so long. */
const GOOD_FOR_MS = 250;

/** Looks again when its last look is too old. */
export class OpenFileWatch {
  #latest: { open: OpenInodes; at: number } | null = null;

  now(): OpenInodes {
    if (this.#latest !== null && performance.now() - this.#latest.at < GOOD_FOR_MS) return this.#latest.open;
    const open = readOpenInodes();
    this.#latest = { open, at: performance.now() };
    return open;
  }
}

/**
 * By the files themselves, whatever their names are: also of this process and its children, which have models loaded. As far
 * as this user may see; nothing where there is no `/proc`. Never throws.
 */
export function readOpenInodes(): OpenInodes {
  const opened = new Map<string, string>();
  const mapped = new Map<string, { name: string; holder: string }[]>();
  for (const pid of orNothing(() => readdirSync("/proc"))) {
    if (!/^\d+$/.test(pid)) continue;
    let holder: string | undefined;
    const who = (): string => (holder ??= holderText(pid));
    for (const identity of openedBy(pid)) opened.set(identity, who());
    for (const { inode, name } of mappedBy(pid)) {
      const known = mapped.get(inode);
      if (known === undefined) mapped.set(inode, [{ name, holder: who() }]);
      else if (!known.some((one) => one.name === name)) known.push({ name, holder: who() });
    }
  }
  return {
    holderOf(identity, path) {
      const found = opened.get(identity);
      if (found !== undefined) return found;
      // The devices that maps name are not those of `stat` on every file system: there the name tells, too.
      const name = path.slice(path.lastIndexOf("/") + 1);
      const inode = identity.slice(identity.indexOf(":") + 1);
      return mapped.get(inode)?.find((one) => one.name === name)?.holder ?? null;
    },
  };
}

function openedBy(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  return orNothing(() => readdirSync(folder)).flatMap((descriptor) =>
    orNothing(() => {
      const stats = statSync(`${folder}/${descriptor}`, { bigint: true });
      return stats.isFile() ? [`${stats.dev}:${stats.ino}`] : [];
    }),
  );
}

/** A mapped file stays in use after it was closed. */
function mappedBy(pid: string): { inode: string; name: BytePath }[] {
  const maps = orNothing(() => [readFileSync(`/proc/${pid}/maps`, "latin1")])[0] ?? "";
  const found = new Map<string, { inode: string; name: BytePath }>();
  for (const [, inode = "", path = ""] of maps.matchAll(/^(?:\S+ +){4}(\d+) +(\/.*)$/gm)) {
    if (inode === "0") continue;
    const plain = path.replace(/ \(deleted\)$/, "").replace(/\\012/g, "\n");
    found.set(path, { inode, name: plain.slice(plain.lastIndexOf("/") + 1) });
  }
  return [...found.values()];
}

function holderText(pid: string): string {
  const status = orNothing(() => [readFileSync(`/proc/${pid}/status`, "utf8")])[0] ?? "";
  const name = /^Name:\s*(.*)$/m.exec(status)?.[1] ?? "a process";
  return `${name.replace(/\p{C}/gu, "?")} (process ${pid})`;
}

function orNothing<Item>(ask: () => Item[]): Item[] {
  try {
    return ask();
  } catch {
    return [];
  }
}

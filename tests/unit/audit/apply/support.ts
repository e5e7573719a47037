import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { settledTime } from "../../../../lib/audit/walk/settled-time";
import { OpenFile } from "../../../../lib/audit/walk/system";
import {
  auditFolder,
  makePlan,
  parseRules,
  type ApplyResult,
  type AuditPlan,
  type PlanStep,
} from "../../../../lib/audit";

/** Nothing was used lately. */
const later = Date.now() / 1000 + 10 * 365 * 86_400;

export async function planOf(folder: string, rules = "{}"): Promise<AuditPlan> {
  return makePlan(await auditFolder(folder, { leastSize: 1 }), { now: later, rules: parseRules(rules, "rules") });
}

export const stepsOf = ({ phases }: ApplyResult) => phases.flatMap(({ steps }) => steps);

/** Reading it plainly would count as use. */
function hashOf(path: string): string {
  const file = OpenFile.open(path);
  try {
    return createHash("sha1").update(file.read(0, file.size)).digest("hex");
  } finally {
    file.close();
  }
}

/** Everything that a program could see of a tree, but for the trash and times of last use. */
export function listing(folder: string, options: { rootTime?: boolean } = {}): Record<string, unknown> {
  const seen = new Map<string, string>();
  const found: Record<string, unknown> = {};
  const visit = (path: Buffer, name: string): void => {
    const stats = lstatSync(path, { bigint: true });
    const identity = String(stats.ino);
    const same = seen.get(identity) ?? name;
    seen.set(identity, same);
    const isRoot = name === ".";
    const time = isRoot && options.rootTime === false ? null : String(stats.mtimeNs);
    const common = { mode: stats.mode.toString(8), owner: `${stats.uid}:${stats.gid}`, time };
    if (stats.isDirectory()) {
      found[name] = { ...common, inode: identity };
      const entries = readdirSync(path, { encoding: "buffer" }).sort((left, right) => left.compare(right));
      for (const entry of entries) {
        if (isRoot && entry.toString() === ".memwell-trash") continue;
        visit(Buffer.concat([path, Buffer.from("/"), entry]), isRoot ? entry.toString("latin1") : `${name}/${entry.toString("latin1")}`); // prettier-ignore
      }
    } else {
      const more = { size: String(stats.size), blocks: String(stats.blocks), names: String(stats.nlink), same };
      const content = stats.isSymbolicLink()
        ? readlinkSync(path, "latin1")
        : stats.isFile() && stats.size < 10_000_000n
          ? hashOf(path.toString("latin1"))
          : null;
      found[name] = { ...common, ...more, inode: identity, content };
    }
  };
  visit(Buffer.from(folder), ".");
  return found;
}

export function hasTrash(folder: string): boolean {
  return lstatSync(join(folder, ".memwell-trash"), { throwIfNoEntry: false }) !== undefined;
}

/** What an audit says that files take. */
export async function sizesOf(folder: string) {
  const { apparent_size, size_on_disk } = (await auditFolder(folder, { leastSize: 1 })).total;
  return { apparent_size, size_on_disk };
}

type Wish = Partial<PlanStep> & Pick<PlanStep, "paths">;

/** A plan of just these steps, as if an audit had just been made. */
export async function planWith(folder: string, wishes: readonly Wish[]): Promise<AuditPlan> {
  const takenAt = await settledTime();
  const steps = wishes.map((wish, index) => ({
    id: `cleanup-${index + 1}`,
    action: "delete" as const,
    what: wish.paths[0] ?? "",
    why: "a test",
    apparent_size: 0,
    size_on_disk: 0,
    risk: "none" as const,
    undo: "",
    is_estimate: false,
    link: null,
    in_hub_cache: false,
    ...wish,
  }));
  const sizes = { apparent_size_before: 0, apparent_size_after: 0, size_on_disk_after: 0 };
  return {
    id: "plan",
    folder,
    taken_at: takenAt,
    apparent_size: 0,
    size_on_disk: 0,
    phases: [{ phase: "cleanup", steps, ...sizes }],
    kept: [],
    left_alone: [],
    not_read: [],
    nb_not_read: 0,
  };
}

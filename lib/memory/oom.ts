import { memoryGroups } from "./cgroup";
import { parseCounters, readTextFile, type ReadText } from "./text";

/**
 * How many processes of this cgroup the kernel has killed for memory since the group was made; null when unknown (no
 * cgroup, the top group of a machine, v1 before Linux 4.13). The nearest group that says it is asked, since a kill is
 * counted in the group of the process that died.
 *
 * Sources: `oom_kill` of v2 `memory.events` (groups below included) and of v1 `memory.oom_control` (this group alone).
 */
export function readOomKills(options: { read?: ReadText } = {}): number | null {
  const read = options.read ?? readTextFile;
  for (const { version, folder } of memoryGroups(read)) {
    const file = version === 2 ? "memory.events" : "memory.oom_control";
    const kills = parseCounters(read(`${folder}/${file}`) ?? "").get("oom_kill");
    if (kills !== undefined) return kills;
  }
  return null;
}

import type { LargeObject } from "./contract";

/** Shorter ones are what repositories are made of. Bytes. */
export const LEAST_SIZE = 10_000_000;

const MOST_TOLD = 100;

/** The largest of any number of objects, in little memory. */
export class Largest {
  #objects: Omit<LargeObject, "command">[] = [];

  add(object: Omit<LargeObject, "command">): void {
    if ((object.size ?? object.size_on_disk) < LEAST_SIZE) return;
    this.#objects.push(object);
    if (this.#objects.length >= 2 * MOST_TOLD) this.#objects = this.#sorted();
  }

  told(): LargeObject[] {
    return this.#sorted().map((object) => ({ ...object, command: commandFor(object) }));
  }

  #sorted(): Omit<LargeObject, "command">[] {
    const sizeOf = ({ size, size_on_disk }: Omit<LargeObject, "command">): number => size ?? size_on_disk;
    const byId = new Map(this.#objects.map((object) => [object.id, object]));
    return [...byId.values()].sort((left, right) => sizeOf(right) - sizeOf(left)).slice(0, MOST_TOLD);
  }
}

/**
 * Of git-filter-repo, which git's own manual names for this. By its path where a shell takes it as it is; else by its id, since
 * a name may be made to be run.
 */
function commandFor({ id, path }: Omit<LargeObject, "command">): string {
  if (path !== null && /^[\w./@+,=-]+$/.test(path) && !path.startsWith("-"))
    return `git filter-repo --invert-paths --path ${path}`;
  return `echo ${id} > large-objects.txt && git filter-repo --strip-blobs-with-ids large-objects.txt`;
}

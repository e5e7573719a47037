import type { ScanWarning } from "./contract";
import { isInside, isLink, realPath } from "../folder";
import type { Witness } from "./witness";

/** What a scan has to say about one repository, beside its figures. */
export class Findings {
  readonly warnings: ScanWarning[] = [];
  damaged = false;
  /** The repository's folder is itself a link: whatever is in it may lie anywhere. */
  throughLink = false;

  /**
   * `root`: the real path of the cache. `witness`: is told all that was looked at, when somebody wants to know later
   * whether it has changed.
   */
  constructor(
    readonly root: string,
    readonly witness: Witness | null = null,
  ) {}

  /** Something huggingface_hub drops the whole repository for. */
  damage(path: string, message: string): void {
    this.damaged = true;
    this.note(path, message);
  }

  /** Something worth knowing that breaks nothing. */
  note(path: string, message: string): void {
    this.warnings.push({ path, message });
  }

  /** Notes, and answers true, when `path` leads out of the cache. */
  leadsOutside(path: string, what: string): boolean {
    return !isInside(this.root, this.follow(path, what));
  }

  /** Where `path` really is, which is noted when that is out of the cache; the path itself when it leads nowhere. */
  follow(path: string, what: string): string {
    // Only a link can lead elsewhere: whatever else is one call, not ten.
    if (!this.throughLink && !isLink(path)) return path;
    this.witness?.doubt();
    const target = realPath(path) ?? path;
    if (!isInside(this.root, target)) this.note(path, `${what} leads out of the cache, to ${target}`);
    return target;
  }
}

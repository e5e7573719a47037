import type { ScanWarning } from "./contract";
import { isInside, realPath } from "./folder";

/** What a scan has to say about one repository, beside its figures. */
export class Findings {
  readonly warnings: ScanWarning[] = [];
  damaged = false;

  /** `root`: the real path of the cache. */
  constructor(readonly root: string) {}

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
    const target = realPath(path);
    if (target === null || isInside(this.root, target)) return false;
    this.note(path, `${what} leads out of the cache, to ${target}`);
    return true;
  }
}

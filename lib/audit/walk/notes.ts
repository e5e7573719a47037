import { toText, type BytePath } from "./byte-path";

/** Things met on the way that the owner should know of. */
export type NoteKind =
  | "unreadable"
  | "vanished"
  | "link-out"
  | "link-broken"
  | "link-circle"
  | "other-disk"
  | "special-file"
  | "damaged"
  | "trash";

export interface Note {
  kind: NoteKind;
  path: string;
  message: string;
}

/** Kept of each kind; beyond it they are only counted, since a broken disk has a million. */
const MOST_OF_A_KIND = 100;

export class Notes {
  readonly list: Note[] = [];
  readonly counts = new Map<NoteKind, number>();

  add(kind: NoteKind, path: BytePath, message: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count <= MOST_OF_A_KIND) this.list.push({ kind, path: toText(path), message });
  }
}

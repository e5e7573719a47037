import { randomUUID } from "node:crypto";
import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { EngineStep } from "../contract";
import { trimShelf } from "./shelf-trim";
import {
  loadState,
  readDescription,
  removeState,
  sweepDrafts,
  writeState,
  type StateDescription,
  type StateKind,
} from "./state-file";

/** Below this, evaluating the tokens again costs less than the files. */
export const MIN_KEPT_TOKENS = 32;

export interface KeptState extends StateDescription {
  path: string;
}

export type TellStep = (step: EngineStep) => void;

/**
 * The states of one context's sequences on disk: what an unloaded process had evaluated, and what a slot had to give up for
 * another conversation. A prompt that begins like one of them is not evaluated again.
 *
 * It is an aid. Nothing here throws: a state that cannot be written is not kept, one that cannot be read is removed. The
 * folder is shared by all models, and by processes of other servers; a file may vanish at any time.
 */
export class StateShelf {
  /** Of the last state written: what will not fit is not even begun. */
  private bytesPerToken = 0;

  private constructor(
    private readonly settings: { folder: string; capBytes: number },
    /** Identifies weights, adapter, cache type and library: states of anything else are not even looked at. */
    private readonly fingerprint: string,
    private readonly contextSize: number,
    private states: KeptState[],
  ) {}

  /** Reads which states there are; a folder that is missing holds none. */
  static async open(
    settings: { folder: string; capBytes: number },
    fingerprint: string,
    contextSize: number,
  ): Promise<StateShelf> {
    const states: KeptState[] = [];
    const names = await readdir(settings.folder).catch(() => [] as string[]);
    await sweepDrafts(settings.folder).catch(() => {});
    for (const name of names) {
      if (!name.startsWith(filePrefix(fingerprint)) || !name.endsWith(".state")) continue;
      const path = join(settings.folder, name);
      const description = await readDescription(path).catch(() => null);
      if (description === null) await removeState(path).catch(() => {});
      else if (description.fingerprint === fingerprint && description.tokens.length <= contextSize)
        states.push({ ...description, path });
    }
    return new StateShelf(settings, fingerprint, contextSize, states);
  }

  get all(): readonly KeptState[] {
    return this.states;
  }

  /** Whether the first `length` tokens of `held` could be read from disk. */
  has(held: readonly Token[], length = held.length): boolean {
    return this.states.some(({ tokens }) => tokens.length >= length && startsWith(tokens, held, length));
  }

  /**
   * Saves what the sequence holds, unless it is short or there already. A shorter state of the same conversation goes.
   *
   * @returns what was written, or null.
   */
  async keep(sequence: LlamaContextSequence, kind: StateKind, tell: TellStep = () => {}): Promise<KeptState | null> {
    const held = sequence.contextTokens;
    if (held.length < MIN_KEPT_TOKENS || held.length > this.contextSize) return null;
    if (held.length * this.bytesPerToken > this.settings.capBytes) return null;
    if (kind === "instructions" ? this.hasInstructions(held) : this.has(held)) return null;
    tell({ step: "save", phase: "start", tokens: held.length });
    const { folder, capBytes } = this.settings;
    const path = join(folder, `${filePrefix(this.fingerprint)}${randomUUID()}.state`);
    let kept: KeptState | null = null;
    try {
      kept = { ...(await writeState(sequence, path, { fingerprint: this.fingerprint, kind })), path };
    } catch {
      // A full disk or a folder that is not ours to write: the prompt will be evaluated again, as without a shelf.
    }
    if (kept !== null && kept.bytes > capBytes) {
      // It alone would push out everything else, and then itself.
      await removeState(path).catch(() => {});
      kept = null;
    }
    this.bytesPerToken = kept === null ? this.bytesPerToken : kept.bytes / kept.tokens.length;
    if (kept !== null) {
      const { tokens } = kept;
      const outgrown = this.states.filter(
        (other) => other.kind === "conversation" && startsWith(tokens, other.tokens, other.tokens.length),
      );
      this.states.push(kept);
      for (const other of outgrown) await this.forget(other);
      const removed = await trimShelf(folder, capBytes).catch(() => new Set<string>());
      this.states = this.states.filter((state) => !removed.has(state.path));
      if (removed.has(path)) kept = null;
    }
    tell({ step: "save", phase: "end", tokens: kept === null ? 0 : held.length });
    return kept;
  }

  /** Loads the state into the sequence; false, with the sequence empty, when that failed. */
  async restore(state: KeptState, sequence: LlamaContextSequence, tell: TellStep = () => {}): Promise<boolean> {
    tell({ step: "restore", phase: "start", tokens: state.tokens.length });
    const restored = await loadState(sequence, state.path, state).then(
      () => true,
      () => false,
    );
    if (restored) await this.touch(state);
    else {
      await this.forget(state);
      await sequence.clearHistory();
    }
    tell({ step: "restore", phase: "end", tokens: restored ? state.tokens.length : 0 });
    return restored;
  }

  /** What is used last is the last to be trimmed. */
  async touch(state: KeptState): Promise<void> {
    const now = new Date();
    await utimes(state.path, now, now).catch(() => {});
  }

  private hasInstructions(held: readonly Token[]): boolean {
    return this.states.some(
      ({ kind, tokens }) =>
        kind === "instructions" && tokens.length === held.length && startsWith(tokens, held, held.length),
    );
  }

  private async forget(state: KeptState): Promise<void> {
    this.states = this.states.filter((other) => other !== state);
    await removeState(state.path).catch(() => {});
  }
}

/** Files of one model lie together, and those of another are not opened. */
function filePrefix(fingerprint: string): string {
  return `${fingerprint.slice(0, 16)}-`;
}

function startsWith(tokens: readonly Token[], beginning: readonly Token[], length: number): boolean {
  for (let index = 0; index < length; index++) if (tokens[index] !== beginning[index]) return false;
  return true;
}

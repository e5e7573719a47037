import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { readManifest, type ManifestEntry } from "../../audit";
import type { Config } from "../../config";
import { MemwellError, messageOf, toMemwellError, type ErrorRecord } from "../../errors";
import type { FetchEvent } from "../fetch-events";
import type { MakeRoom } from "../model-source";
import type { ManifestEvent, PulledManifest } from "./contract";
import { sizeAt } from "./look";
import { pullEntries } from "./pull-manifest";

interface Running {
  done: Promise<PulledManifest>;
  last: FetchEvent | null;
  /** Told of what is fetched, and when an entry has come or failed. */
  listeners: Set<(event: ManifestEvent) => void>;
  outcomes: Map<string, ErrorRecord | null>;
}

/** The files that the manifest of the settings brings, for models that the settings name by their paths. */
export class ManifestFiles {
  /** By the whole path, as the settings may write it. */
  readonly #entries: ReadonlyMap<string, ManifestEntry>;
  #running: Running | null = null;

  /**
   * @param inTurn runs a download when no other one runs
   * @throws MemwellError `invalid_setting` for a manifest that cannot be read
   */
  constructor(
    private readonly config: Config,
    private readonly manifest: string,
    private readonly makeRoom: MakeRoom,
    private readonly inTurn: <Result>(work: (signal: AbortSignal) => Promise<Result>) => Promise<Result>,
  ) {
    this.#entries = entriesOf(manifest);
  }

  /**
   * Sees to it that a file of the manifest is at its path; nothing happens for one that is there, or is not of the manifest.
   * The others of the manifest are pulled, too, and not waited for.
   *
   * @throws MemwellError what kept it from being had
   */
  async ensure(path: string, onEvent?: (event: FetchEvent) => void): Promise<void> {
    const entry = this.#entries.get(path);
    if (entry === undefined || sizeAt(path) === entry.size) return;
    // It came, and went again: this pull does not look a second time.
    if (this.#running?.outcomes.get(entry.path) === null) await this.#running.done.catch(() => {});
    const running = (this.#running ??= this.#start());
    if (running.last !== null) onEvent?.(running.last);
    const failed = await outcomeOf(running, entry.path, onEvent);
    // What else is there is the owner's, and loaded as it is.
    if (failed !== null && failed.code !== "conflict") throw MemwellError.fromRecord(failed);
  }

  /** Pulls all of it; what failed is told, one line each. */
  async prepare(warn: (warning: string) => void): Promise<void> {
    try {
      this.#running ??= this.#start();
      for (const { path, error } of (await this.#running.done).entries)
        if (error !== null) warn(`${path} of ${this.manifest}: ${error.message}`);
    } catch (thrown) {
      const { code, message } = toMemwellError(thrown);
      if (code !== "engine_closed" && code !== "aborted") warn(`${this.manifest}: ${message}`);
    }
  }

  #start(): Running {
    const tell = (event: ManifestEvent): void => {
      if (event.type === "fetch") running.last = event.event;
      else running.outcomes.set(event.path, event.type === "entry" ? null : event.error);
      for (const listener of running.listeners) listener(event);
    };
    const { config, manifest, makeRoom } = this;
    const done = this.inTurn((signal) =>
      pullEntries(config, manifest, { signal, makeRoom, trustsCache: true, onEvent: tell }),
    );
    const running: Running = { done, last: null, listeners: new Set(), outcomes: new Map() };
    const forget = (): void => void (this.#running = null);
    done.then(forget, forget);
    return running;
  }
}

/** What becomes of one entry: null when it has come. Rejects as the pull does. */
async function outcomeOf(
  running: Running,
  path: string,
  onEvent: ((event: FetchEvent) => void) | undefined,
): Promise<ErrorRecord | null> {
  const known = running.outcomes.get(path);
  if (known !== undefined) return known;
  let listener = (_: ManifestEvent): void => {};
  const own = new Promise<ErrorRecord | null>((resolve) => {
    listener = (event) => {
      if (event.type === "fetch") onEvent?.(event.event);
      else if (event.path === path) resolve(running.outcomes.get(path) ?? null);
    };
  });
  running.listeners.add(listener);
  try {
    return await Promise.race([own, running.done.then(() => running.outcomes.get(path) ?? null)]);
  } finally {
    running.listeners.delete(listener);
  }
}

function entriesOf(manifest: string): Map<string, ManifestEntry> {
  try {
    const { entries } = readManifest(manifest);
    const folders = new Set([dirname(manifest), realpathSync(dirname(manifest))]);
    return new Map(
      [...folders].flatMap((folder) => entries.map((entry) => [join(folder, entry.path), entry] as const)),
    );
  } catch (thrown) {
    const allowed = `a manifest of models that can be read: ${messageOf(thrown)}`;
    throw new MemwellError(
      "invalid_setting",
      `A setting is not valid:\n  MEMWELL_MANIFEST="${manifest}": allowed is ${allowed}\nCorrect or unset it, and start again.`,
      { settings: [{ name: "MEMWELL_MANIFEST", value: manifest, allowed }] },
      { cause: thrown },
    );
  }
}

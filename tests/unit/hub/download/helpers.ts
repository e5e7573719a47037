import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import type { ErrorCode } from "../../../../lib/errors";
import type { DownloadEvent, DownloadOptions } from "../../../../lib/hub/download/contract";
import { download } from "../../../../lib/hub/download/download";
import type { Patience } from "../../../../lib/hub/client/retry";
import { listRepo, type RepoListing } from "../../../../lib/hub/client/listing";
import type { HubSettings } from "../../../../lib/hub/settings";
import { HubServer, type HubRepo } from "../../../fixtures/hub-server";
import { scratchFolder } from "../helpers";

/** Of a user in a hurry, so that what is tried again is tried at once. */
export const IMPATIENT: Patience = { retries: 3, firstWaitMs: 5, longestWaitMs: 20, stallMs: 3000 };

/** A Hub for one test file, with no fault left from one test to the next. */
export async function startHub(): Promise<HubServer> {
  const hub = await HubServer.start();
  afterEach(() => {
    hub.faults.clear();
    hub.rate = null;
    hub.requests.length = 0;
  });
  afterAll(() => hub.close());
  return hub;
}

export function settingsFor(hub: HubServer, changes: Partial<HubSettings> = {}): HubSettings {
  const folder = scratchFolder();
  return {
    cacheDir: join(folder, "hub"),
    xetDir: join(folder, "xet"),
    assetsDir: join(folder, "assets"),
    endpoint: hub.url,
    token: null,
    tokenPath: join(folder, "token"),
    offline: false,
    ...changes,
  };
}

export function listingOf(settings: HubSettings, repo: HubRepo, revision = "main"): Promise<RepoListing> {
  return listRepo(settings, { repo_type: repo.type, repo_id: repo.id }, revision, { patience: IMPATIENT });
}

/** Downloads to the end; every event, in order. */
export async function downloadAll(
  settings: HubSettings,
  listing: RepoListing,
  paths: string[] = listing.files.map((file) => file.path),
  options: DownloadOptions = {},
): Promise<DownloadEvent[]> {
  const events: DownloadEvent[] = [];
  for await (const event of download(settings, { listing, paths }, { patience: IMPATIENT, ...options })) {
    events.push(event);
  }
  return events;
}

/** Stops a paced download once so many bytes of a file are on disk. */
export async function downloadUntil(
  settings: HubSettings,
  listing: RepoListing,
  received: number,
  options: DownloadOptions = {},
): Promise<DownloadEvent[]> {
  const stop = new AbortController();
  const events: DownloadEvent[] = [];
  const paths = listing.files.map((file) => file.path);
  for await (const event of download(settings, { listing, paths }, { ...options, signal: stop.signal })) {
    events.push(event);
    if (event.type === "progress" && event.received >= received) stop.abort();
  }
  return events;
}

export function outcomeOf(events: readonly DownloadEvent[]): "done" | ErrorCode {
  const last = events.at(-1);
  if (last?.type === "failed") return last.error.code;
  return last?.type === "done" ? "done" : "internal";
}

export function eventsOf<Type extends DownloadEvent["type"]>(events: readonly DownloadEvent[], type: Type) {
  return events.filter((event): event is Extract<DownloadEvent, { type: Type }> => event.type === type);
}

export function snapshotFile(settings: HubSettings, listing: RepoListing, path: string): string {
  const folder = `${listing.repo.repo_type}s--${listing.repo.repo_id.replace("/", "--")}`;
  return join(settings.cacheDir, folder, "snapshots", listing.commit_hash, path);
}

/** Whether the cache shows what the Hub has. (`toEqual` takes seconds over a few megabytes.) */
export function isWhole(settings: HubSettings, listing: RepoListing, repo: HubRepo, path: string): boolean {
  return readFileSync(snapshotFile(settings, listing, path)).equals(repo.contentOf(path, listing.commit_hash));
}

/** The names in the folder of blobs. */
export function blobsOf(settings: HubSettings, repo: HubRepo): string[] {
  const folder = join(settings.cacheDir, `${repo.type}s--${repo.id.replace("/", "--")}`, "blobs");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Another program that holds a lock as huggingface_hub does, until `release`. */
export async function holdLock(path: string): Promise<{ release(): Promise<void> }> {
  const holder = spawn("flock", [path, "sh", "-c", "echo held; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  return {
    async release() {
      const exited = once(holder, "exit");
      holder.stdin.end();
      await exited;
    },
  };
}

import { MemwellError } from "../../errors";
import { ByteSource } from "../download/byte-source";
import { locateFile } from "../download/remote-file";
import { withRetries } from "./retry";
import type { ByteSink } from "../download/stream-bytes";
import type { RepoListing } from "./listing";
import type { HubCall } from "./http";
import { refuseOffline } from "./errors";
import type { HubSettings } from "../settings";

/** Enough for the header of any GGUF; more is a download. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * A part of a file on the Hub, such as the header of a GGUF: from `start` up to, and without, `end`, or to the file's end
 * when that comes first. Throws as `listRepo`, and `file_not_found`.
 */
export async function readRange(
  settings: HubSettings,
  listing: RepoListing,
  path: string,
  start: number,
  end: number,
  call: HubCall = {},
): Promise<Buffer> {
  refuseOffline(settings, { endpoint: settings.endpoint, repo: listing.repo, revision: listing.revision, path });
  const located = await locateFile({ settings, listing, path }, call);
  const last = Math.min(end, located.size);
  if (start >= last) return Buffer.alloc(0);
  if (last - start > MOST_BYTES) {
    throw new MemwellError("invalid_request", `At most ${MOST_BYTES} bytes are read at once. Download the file.`, {});
  }
  const source = new ByteSource({ settings, listing, path }, located, call);
  return withRetries(async () => {
    const sink = new MemorySink(last - start);
    await source.read([start, last], sink, call.signal);
    return sink.whole();
  }, call);
}

class MemorySink implements ByteSink {
  onDrain = () => {};
  onFailure = () => {};
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(private readonly size: number) {}

  push(chunk: Buffer): boolean {
    this.#length += chunk.length;
    if (this.#length > this.size) throw new Error("the server sent more bytes than were asked for");
    this.#chunks.push(chunk);
    return true;
  }

  whole(): Buffer {
    if (this.#length === this.size) return Buffer.concat(this.#chunks);
    throw new MemwellError("hub_unavailable", "The connection ended too early. Try again.", {});
  }
}

import { MemwellError } from "../../errors";
import { headerOf, printable, publicUrl, type HubAnswer } from "../client/answer";
import { hubHeaders, isOfHub, subjectOf } from "../client/http";
import { hubErrorOf, hubErrorOfAnswer, type HubSubject } from "../client/errors";
import type { Interval } from "./intervals";
import { isRedirect, locateFile, type FileOnHub, type LocatedFile } from "./remote-file";
import { DEFAULT_PATIENCE, type Retrying } from "../client/retry";
import { streamBytes, type ByteSink } from "./stream-bytes";

/** The server sends the whole file whatever is asked for, so ranges of it cannot be fetched. */
export class RangesIgnored extends Error {}

/** The address no longer leads to the file it led to. */
class StaleAddress extends Error {}

const MOST_REDIRECTS = 5;

/** Where the bytes of one file come from: an address, which is asked for anew when it no longer serves. */
export class ByteSource {
  #url: string;
  /** The storage server's own ETag, which is not the Hub's: tells whether two ranges are of the same content. */
  #validator: string | null = null;
  #relocating: Promise<void> | null = null;
  readonly #subject: HubSubject;

  constructor(
    readonly file: FileOnHub,
    readonly located: LocatedFile,
    private readonly retrying: Retrying = {},
  ) {
    this.#url = located.url;
    this.#subject = subjectOf(file.settings, {
      repo: file.listing.repo,
      revision: file.listing.commit_hash,
      path: file.path,
    });
  }

  /**
   * One request for these bytes; "whole" asks for no range. Ends when the sink has been given all of them.
   *
   * @throws RangesIgnored; MemwellError: `hub_unavailable` and `hub_rate_limited` may pass, the others do not.
   */
  async read(range: Interval | "whole", sink: ByteSink, signal: AbortSignal | undefined): Promise<void> {
    const asked = this.#url;
    try {
      await this.#follow(asked, range, sink, signal);
    } catch (thrown) {
      if (thrown instanceof RangesIgnored) throw thrown;
      if (!(thrown instanceof StaleAddress)) throw hubErrorOf(thrown, this.#subject);
      await this.#relocate(asked, signal);
      throw this.#unavailable(thrown.message);
    }
  }

  async #follow(asked: string, range: Interval | "whole", sink: ByteSink, signal: AbortSignal | undefined) {
    let url: string | null = asked;
    for (let redirects = 0; redirects <= MOST_REDIRECTS && url !== null; redirects++) {
      url = await this.#request(url, range, sink, signal);
    }
    if (url !== null) throw new StaleAddress("its address leads in a circle");
  }

  /** Where it leads on to; null when it has been read. */
  async #request(url: string, range: Interval | "whole", sink: ByteSink, signal: AbortSignal | undefined) {
    const headers: Record<string, string> = {
      ...hubHeaders(this.file.settings, url),
      "accept-encoding": "identity",
      ...(range === "whole" ? {} : { range: `bytes=${range[0]}-${range[1] - 1}` }),
      ...(range === "whole" || this.#validator === null ? {} : { "if-range": this.#validator }),
    };
    let next: string | null = null;
    await streamBytes({
      url,
      headers,
      signal,
      stallMs: (this.retrying.patience ?? DEFAULT_PATIENCE).stallMs,
      sink,
      accept: (answer) => {
        const location = isRedirect(answer.status) ? headerOf(answer, "location") : null;
        if (location === null) this.#check(answer, range);
        else next = new URL(location, url).href;
        return location === null;
      },
    });
    return next;
  }

  /** Throws for every answer that is not the bytes that were asked for. */
  #check(answer: HubAnswer, range: Interval | "whole"): void {
    const { status } = answer;
    const isForeign = !isOfHub(this.file.settings, answer.url);
    if (status === 416) throw new StaleAddress("it holds fewer bytes than the Hub says");
    if (isForeign && status >= 400 && status < 500 && status !== 408 && status !== 429) {
      throw new StaleAddress(`its address has expired (status ${status})`);
    }
    if (status !== 200 && status !== 206) throw hubErrorOfAnswer(answer, this.#subject);
    const encoding = headerOf(answer, "content-encoding") ?? "identity";
    if (encoding !== "identity") throw this.#refused(`it arrives compressed (${printable(encoding)})`);
    const length = headerOf(answer, "content-length");
    if (status === 200) this.#checkWhole(answer, length, range);
    else this.#checkRange(answer, length, range);
    const etag = headerOf(answer, "etag");
    if (etag !== null && !etag.startsWith("W/")) this.#validator = etag;
  }

  #checkWhole(answer: HubAnswer, length: string | null, range: Interval | "whole"): void {
    const { size } = this.located;
    if (length !== null && Number(length) !== size) throw new StaleAddress(`it is ${printable(length)} bytes long now`);
    if (range === "whole" || (range[0] === 0 && range[1] === size)) return;
    const etag = headerOf(answer, "etag");
    if (this.#validator !== null && etag !== this.#validator) throw new StaleAddress("it has changed");
    throw new RangesIgnored();
  }

  #checkRange(answer: HubAnswer, length: string | null, range: Interval | "whole"): void {
    const given = headerOf(answer, "content-range") ?? "";
    const [start, end] = range === "whole" ? [0, this.located.size] : range;
    const wanted = `bytes ${start}-${end - 1}/`;
    if (given !== `${wanted}${this.located.size}` && given !== `${wanted}*`) {
      throw this.#unavailable(`other bytes arrived than were asked for (${printable(given)})`);
    }
    if (length !== null && Number(length) !== end - start) {
      throw this.#unavailable(`${printable(length)} bytes arrived where ${end - start} were asked for`);
    }
    const etag = headerOf(answer, "etag");
    if (this.#validator !== null && etag !== null && etag !== this.#validator) throw new StaleAddress("it has changed");
  }

  /** Once for all who found the same address stale. */
  async #relocate(stale: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#url !== stale) return;
    this.#relocating ??= this.#locateAgain(signal).finally(() => (this.#relocating = null));
    await this.#relocating;
  }

  async #locateAgain(signal: AbortSignal | undefined): Promise<void> {
    const located = await locateFile(this.file, { ...this.retrying, signal });
    if (located.etag !== this.located.etag || located.size !== this.located.size) {
      throw this.#refused("it has changed while it was downloaded");
    }
    this.#url = located.url;
    this.#validator = null;
  }

  #unavailable(why: string): MemwellError {
    const message = `${this.file.path} cannot be read from ${publicUrl(this.#url)}: ${why}. Try again; what has been downloaded so far is kept.`;
    return new MemwellError("hub_unavailable", message, { ...this.file.listing.repo, path: this.file.path });
  }

  #refused(why: string): MemwellError {
    const message = `${this.file.path} of ${this.file.listing.repo.repo_id} cannot be downloaded: ${why}. Check the proxy settings, then try again.`;
    return new MemwellError("hub_refused", message, { ...this.file.listing.repo, path: this.file.path });
  }
}

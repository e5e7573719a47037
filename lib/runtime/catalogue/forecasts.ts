import type { Config } from "../../config";
import { readModel } from "../../gguf";
import type { FitReport } from "../fit";
import { forecastModel } from "../model-forecast";

/** What is known of a model on the Hub. In bytes. */
export interface KnownRemote {
  neededBytes: number;
  sizeBytes: number;
}

/** What models hold, from their headers; each header is read once. */
export class Forecasts {
  readonly #files = new Map<string, Promise<number | null>>();
  readonly #remote = new Map<string, KnownRemote>();

  constructor(private readonly config: Config) {}

  /** What a file on this disk takes, in bytes; null for one that cannot be read: loading says what is wrong with it. */
  ofFile(path: string): Promise<number | null> {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const reading = this.#read(path).catch(() => {
      // It may be there, or whole, the next time.
      this.#files.delete(path);
      return null;
    });
    this.#files.set(path, reading);
    return reading;
  }

  /** What was learned of a model on the Hub when somebody asked whether it fits. */
  ofReference(reference: string): KnownRemote | null {
    return this.#remote.get(reference) ?? null;
  }

  learn(reference: string, { forecast, download }: FitReport): void {
    if (download === null) return;
    const sizeBytes = download.files.reduce((sum, { size }) => sum + size, 0);
    this.#remote.set(reference, { neededBytes: forecast.total, sizeBytes });
  }

  async #read(path: string): Promise<number> {
    const { config } = this;
    const contexts = [{ name: "base", adapter: null }];
    const model = await readModel(path);
    return forecastModel({ config, path, contexts, adapters: [], model }).forecast.total;
  }
}

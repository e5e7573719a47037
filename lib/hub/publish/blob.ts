/** The bytes of another blob, counted as they are read. Its size is known, which a stream's is not: S3 asks for it. */
export class WatchedBlob extends Blob {
  /** What reading failed with: to a request it is as any other failure. */
  readError: unknown;
  readonly #source: Blob;
  readonly #onBytes: (bytes: number) => void;

  constructor(source: Blob, onBytes: (bytes: number) => void) {
    super();
    this.#source = source;
    this.#onBytes = onBytes;
  }

  override get size(): number {
    return this.#source.size;
  }

  override stream(): ReturnType<Blob["stream"]> {
    const reader = this.#source.stream().getReader();
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          this.#onBytes(value.byteLength);
          controller.enqueue(value);
        } catch (thrown) {
          this.readError = thrown;
          controller.error(thrown);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }
}

import type { ConversationBody } from "@/lib/wire";

import { readConversation } from "./conversations-api";
import { Refusal } from "./visitor-fetch";

const LONGEST_PAUSE_MS = 8000;

export interface CatchUpParts {
  /** What the server has now. */
  show: (body: ConversationBody) => void;
  /** Reads the run that is being written to its end; whether it got there. */
  readOn: (run: string) => Promise<boolean>;
  /** The server cannot be heard. */
  onLost: () => void;
}

/**
 * Brings a page to where the server is: reads the conversation, reads on what is being written in it, and reads it once
 * more. Where the connection breaks, it begins again, after longer and longer pauses.
 */
export class CatchUp {
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(
    private readonly id: string,
    private readonly parts: CatchUpParts,
  ) {}

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * Resolves when nothing is being written any more, or after `close`. Called again meanwhile, it is the same run.
   *
   * @throws Refusal when the server refuses
   */
  run(): Promise<void> {
    this.#isClosed = false;
    this.#running ??= this.#untilSettled().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #untilSettled(): Promise<void> {
    for (let attempt = 0; !this.#isClosed; attempt += 1) {
      if (attempt > 0) await pause(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** attempt));
      try {
        const body = await readConversation(this.id);
        if (this.#isClosed) return;
        this.parts.show(body);
        // A run on another branch is not this page's to read.
        if (body.run === null || body.messages.at(-1)?.metadata?.run !== body.run) return;
        if (await this.parts.readOn(body.run)) attempt = 0;
      } catch (thrown) {
        if (!(thrown instanceof Refusal) || thrown.code !== "unreachable") throw thrown;
        this.parts.onLost();
      }
    }
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

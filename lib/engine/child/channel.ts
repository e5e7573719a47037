import { Socket } from "node:net";
import { LineDecoder } from "../lines";
import { MESSAGE_DESCRIPTOR, type ChildMessage, type Command } from "../protocol";

/** Commands are the parent's: only a broken one is larger than this. In bytes. */
const MAX_COMMAND_BYTES = 256 * 1024 * 1024;

/** The child's end of the line. `onClosed` fires when the parent is gone, however it went. */
export class Channel {
  private readonly output = new Socket({ fd: MESSAGE_DESCRIPTOR, readable: false, writable: true });

  constructor(handlers: { onCommand: (command: Command) => void; onClosed: () => void }) {
    const decoder = new LineDecoder(MAX_COMMAND_BYTES);
    process.stdin.on("data", (chunk: Buffer) => {
      const lines = decoder.push(chunk);
      if (lines === null) return handlers.onClosed();
      for (const line of lines) handlers.onCommand(JSON.parse(line) as Command);
    });
    process.stdin.on("close", handlers.onClosed);
    process.stdin.on("error", handlers.onClosed);
    this.output.on("error", handlers.onClosed);
  }

  send(message: ChildMessage): void {
    this.output.write(`${JSON.stringify(message)}\n`);
  }
}

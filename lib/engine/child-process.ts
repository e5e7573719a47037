import { spawn, type ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { MemwellError } from "../errors";
import { LineDecoder, LogTail } from "./lines";
import { MAX_MESSAGE_BYTES, MESSAGE_DESCRIPTOR, parseChildMessage, PROTOCOL_VERSION } from "./protocol";
import type { ChildMessage, Command } from "./protocol";

/** What to run as a child: a program and its arguments. */
export interface ChildCommand {
  file: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

/** How a child ended. `reason` is set when Memwell ended it for breaking the protocol. */
export interface ChildExit {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  logTail: string[];
  reason: "protocol" | null;
}

export interface EndOptions {
  /** Time the child has to leave after its stdin ended and SIGTERM came, before SIGKILL. In ms. */
  graceMs: number;
}

/**
 * One running child: its commands, its messages, its last log lines and its end. It knows nothing of models or requests.
 *
 * - `greeted` resolves at the child's `hello` and rejects (`engine_start_failed`) if the child ends before that.
 * - `exited` always resolves, once, after the last message was delivered.
 */
export class EngineChild {
  readonly greeted: Promise<void>;
  readonly exited: Promise<ChildExit>;
  onMessage: ((message: ChildMessage) => void) | null = null;

  private readonly process: ChildProcess;
  private readonly log = new LogTail();
  private exit: ChildExit | null = null;
  private protocolBroken = false;
  private markGreeted: () => void = () => {};

  /** @throws MemwellError `engine_start_failed` when the system has no process, memory or handle left for it. */
  constructor(command: ChildCommand) {
    this.process = startProcess(command);
    this.exited = this.watchExit();
    this.greeted = this.watchGreeting();
    this.readLogs();
    this.readMessages();
    // A child that is gone cannot read: its end is reported by `exited`, not by a broken pipe.
    this.process.stdin?.on("error", () => {});
  }

  /** Null when the program could not be started at all. */
  get pid(): number | null {
    return this.process.pid ?? null;
  }

  get hasExited(): boolean {
    return this.exit !== null;
  }

  get logTail(): string[] {
    return this.log.tail();
  }

  send(command: Command): void {
    if (this.exit === null) this.process.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Ends the child, politely first; resolves when it is gone, which SIGKILL makes sure of. */
  async end({ graceMs }: EndOptions): Promise<ChildExit> {
    if (this.exit === null) {
      this.process.stdin?.end();
      this.process.kill("SIGTERM");
      const timer = setTimeout(() => this.process.kill("SIGKILL"), graceMs);
      await this.exited;
      clearTimeout(timer);
    }
    return this.exited;
  }

  private watchExit(): Promise<ChildExit> {
    return new Promise((resolve) => {
      const finish = (exitCode: number | null, signal: NodeJS.Signals | null): void => {
        this.exit ??= {
          exitCode,
          signal,
          logTail: this.log.tail(),
          reason: this.protocolBroken ? "protocol" : null,
        };
        this.process.stdin?.destroy();
        resolve(this.exit);
      };
      // "close" comes after the pipes are drained, so that the last words are part of the report. A grandchild can hold
      // the pipes open; then "exit" decides a moment later.
      this.process.once("close", finish);
      this.process.once("exit", (exitCode, signal) => {
        setTimeout(() => {
          for (const stream of this.process.stdio) stream?.destroy();
          finish(exitCode, signal);
        }, 500).unref();
      });
      this.process.once("error", (error) => {
        this.log.push(Buffer.from(`${error.message}\n`));
        if (this.process.pid === undefined) finish(null, null);
      });
    });
  }

  private watchGreeting(): Promise<void> {
    const greeted = new Promise<void>((resolve, reject) => {
      this.markGreeted = resolve;
      void this.exited.then((exit) => reject(startFailed(exit)));
    });
    // A spare child may end before anybody waits for it.
    greeted.catch(() => {});
    return greeted;
  }

  private readLogs(): void {
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (chunk: Buffer) => this.log.push(chunk));
      stream?.on("error", () => {});
    }
  }

  private readMessages(): void {
    const stream = this.process.stdio[MESSAGE_DESCRIPTOR] as Readable | null | undefined;
    const decoder = new LineDecoder(MAX_MESSAGE_BYTES);
    stream?.on("error", () => {});
    stream?.on("data", (chunk: Buffer) => {
      if (this.protocolBroken) return;
      const lines = decoder.push(chunk);
      if (lines === null) return this.breakProtocol("a message without an end");
      for (const line of lines) {
        const message = parseChildMessage(line);
        if (message === null) return this.breakProtocol(`not a message: ${line.slice(0, 120)}`);
        if (message.type === "hello") {
          if (message.protocol !== PROTOCOL_VERSION) return this.breakProtocol(`protocol ${message.protocol}`);
          this.markGreeted();
        } else {
          this.onMessage?.(message);
        }
      }
    });
  }

  /** A child that does not speak the protocol cannot be trusted with anything, leaving politely included. */
  breakProtocol(what: string): void {
    this.protocolBroken = true;
    this.log.push(Buffer.from(`[memwell] ended for breaking the protocol: ${what}\n`));
    this.process.kill("SIGKILL");
  }
}

function startProcess(command: ChildCommand): ChildProcess {
  let cause: unknown;
  try {
    const child = spawn(command.file, command.args, {
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      env: command.env ?? process.env,
      windowsHide: true,
    });
    // Without handles left (EMFILE) Node gives a process without pipes, and the reason as a later event.
    if (Array.isArray(child.stdio)) return child;
    child.once("error", () => {});
    cause = new Error("no pipes could be opened");
  } catch (thrown) {
    cause = thrown;
  }
  throw new MemwellError(
    "engine_start_failed",
    `The system could not start an engine process: ${cause instanceof Error ? cause.message : String(cause)}. Free memory or ` +
      `processes on this machine, and ask again.`,
    {},
    { cause },
  );
}

/** How a child ended, in words: "exit code 3" or "signal SIGSEGV". */
export function describeExit(exit: ChildExit): string {
  if (exit.signal !== null) return `signal ${exit.signal}`;
  return exit.exitCode === null ? "an error before it ran" : `exit code ${exit.exitCode}`;
}

export function exitFields(exit: ChildExit): Record<string, unknown> {
  return { exitCode: exit.exitCode, signal: exit.signal, logTail: exit.logTail };
}

function startFailed(exit: ChildExit): MemwellError {
  return new MemwellError(
    exit.reason === "protocol" ? "engine_protocol" : "engine_start_failed",
    `The engine process ended with ${describeExit(exit)} before it was ready. Its last lines are in logTail; run the same ` +
      `request again, and if it keeps failing, reinstall with \`npm ci\`.`,
    exitFields(exit),
  );
}

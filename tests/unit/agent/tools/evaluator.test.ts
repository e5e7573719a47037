import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createCalculator } from "../../../../lib/agent/tools";
import { Evaluator, type EvaluatorOptions } from "../../../../lib/agent/tools/calculator/evaluator";
import { MemwellError } from "../../../../lib/errors";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SLOW = { kind: "evaluate", expression: "combinations(10^15,5*10^14)", hasUnits: false } as const;
const QUICK = { kind: "evaluate", expression: "1+1", hasUnits: false } as const;
const TWO = { kind: "fraction", numerator: "2", denominator: "1" };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const shared = new Evaluator();
afterAll(() => shared.close());

function evaluator(options?: EvaluatorOptions): Evaluator {
  const made = new Evaluator(options);
  open.push(made);
  return made;
}

describe("the calculator's thread", () => {
  it("stops a calculation that takes too long, and answers the next one", async () => {
    const asked = evaluator({ timeLimitMs: 300 });
    await expect(asked.ask(SLOW)).rejects.toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining("300 ms"),
    });
    expect(await asked.ask(QUICK)).toEqual(TWO);
  });

  it("stops a calculation whose asker left, and answers the next one", async () => {
    const asked = evaluator({ timeLimitMs: 60_000 });
    await asked.warm();
    const left = new AbortController();
    const slow = asked.ask(SLOW, left.signal);
    const next = asked.ask(QUICK);
    left.abort();
    await expect(slow).rejects.toMatchObject({ code: "aborted" });
    expect(await next).toEqual(TWO);
  });

  it("lets go of who waits in the queue at once", async () => {
    const asked = evaluator({ timeLimitMs: 60_000 });
    const first = new AbortController();
    const second = new AbortController();
    const slow = asked.ask(SLOW, first.signal);
    const queued = asked.ask(QUICK, second.signal);
    second.abort();
    await expect(queued).rejects.toMatchObject({ code: "aborted" });
    first.abort();
    await expect(slow).rejects.toMatchObject({ code: "aborted" });
  });

  it("does nothing for a turn that was stopped before", async () => {
    await expect(evaluator().ask(QUICK, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
  });

  it("ends when it needs more memory than it may have", async () => {
    await expect(evaluator({ memoryLimitMiB: 6 }).ask(QUICK)).rejects.toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining("memory"),
    });
  });

  it("answers many who ask at once, each their own", async () => {
    const asked = evaluator({ timeLimitMs: 10_000 });
    const sums = Array.from({ length: 50 }, (_, index) =>
      asked.ask({ kind: "evaluate", expression: `${index}+1`, hasUnits: false }),
    );
    const answers = await Promise.all(sums);
    expect(answers.map((answer) => "numerator" in answer && answer.numerator)).toEqual(
      answers.map((_, index) => String(index + 1)),
    );
  });

  it("starts again after it was closed", async () => {
    const asked = evaluator();
    await asked.ask(QUICK);
    await asked.close();
    expect(await asked.ask(QUICK)).toEqual(TWO);
  });

  it.each([
    'cos.constructor("return process")()',
    "a = 5",
    "ones(9,9)",
    "f(x) = x",
    "import(1)",
    '"text"',
    "1:5",
    "{a: 1}",
  ])("refuses %s even when the reader lets it through", async (expression) => {
    await expect(shared.ask({ kind: "evaluate", expression, hasUnits: false })).rejects.toThrow();
  });

  it("lets the process end while it is warm", async () => {
    const index = fileURLToPath(new URL("../../../../lib/agent/tools/index.ts", import.meta.url));
    const program = `
      import { createCalculator } from ${JSON.stringify(index)};
      const calculator = createCalculator();
      const { text } = await calculator.run(calculator.parse({ expression: "6*7" }), {});
      console.log(text);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", program],
      { timeout: 20_000 },
    );
    expect(stdout.trim()).toBe("6*7 = 42");
  }, 30_000);

  it("answers or refuses by name whatever is asked", async () => {
    const calculator = createCalculator({ timeLimitMs: 200 });
    open.push(calculator);
    await calculator.warm();
    const piece = fc.constantFrom(
      ...[
        "1",
        "2",
        "0",
        "9",
        "3.5",
        "x",
        "y",
        "+",
        "-",
        "*",
        "/",
        "^",
        "(",
        ")",
        "!",
        "%",
        "=",
        ",",
        " ",
        "sin",
        "sqrt(",
      ],
      ...[
        "√",
        "°",
        "km",
        "to",
        "[",
        "]",
        "|",
        "e",
        "i",
        "10^9",
        "²",
        "½",
        "\\frac{1}{2}",
        "solve ",
        "factor ",
        "mod",
        ";",
      ],
    );
    const expressions = fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(""));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 9, arbitrary: expressions }, fc.string({ unit: "binary" })),
        async (expression) => {
          try {
            const { text, display } = await calculator.run(calculator.parse({ expression }), {});
            expect(text.length).toBeLessThan(2000);
            expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
            expect(JSON.parse(JSON.stringify(display))).toEqual(display);
          } catch (thrown) {
            if (!(thrown instanceof MemwellError)) throw thrown;
            expect(["tool_arguments_invalid", "tool_failed"]).toContain(thrown.code);
          }
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: 4_000 * (RUNS / 60) },
    );
  }, 300_000);
});

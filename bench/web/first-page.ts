import { figure, printTable } from "./table";
import { median } from "../support/measure";
import { openVisitor, type World } from "./world";

const MOST_SCRIPT_BYTES = 200_000;

interface FirstPage {
  scriptBytes: number;
  allBytes: number;
  paint: number;
  interactive: number;
  blocked: number;
}

/** What a first visit brings and how long it takes, with an empty cache each time. */
export async function benchFirstPage(world: World, rounds: number): Promise<void> {
  const seen: FirstPage[] = [];
  for (let round = 0; round < rounds; round += 1) seen.push(await visit(world));
  const middle = (part: keyof FirstPage) => median(seen.map((each) => each[part]));
  printTable(`the first page, median of ${rounds} visits with an empty cache`, [
    figure("JavaScript, compressed", middle("scriptBytes") / 1000, "kB", MOST_SCRIPT_BYTES / 1000),
    figure("everything, compressed", middle("allBytes") / 1000, "kB"),
    figure("first paint", middle("paint"), "ms", 1000),
    figure("the text box answers", middle("interactive"), "ms", 2000),
    figure("tasks that block for longer than 50 ms, beyond that", middle("blocked"), "ms", 200),
  ]);
}

async function visit(world: World): Promise<FirstPage> {
  const { context, page, session } = await openVisitor(world);
  try {
    const kinds = new Map<string, string>();
    const bytes = { Script: 0, all: 0 };
    await session.send("Network.enable");
    session.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      bytes.all += encodedDataLength;
      if (kinds.get(requestId) === "Script") bytes.Script += encodedDataLength;
    });
    await page.addInitScript(() => {
      const times = { interactive: 0, blocked: 0 };
      Object.assign(window, { times });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) times.blocked += Math.max(0, duration - 50);
      }).observe({ type: "longtask", buffered: true });
      // React marks what it has taken over; a key press is answered from then on.
      const look = () => {
        const field = document.querySelector("textarea");
        if (field !== null && Object.keys(field).some((key) => key.startsWith("__reactProps")))
          times.interactive = performance.now();
        else setTimeout(look, 1);
      };
      look();
    });
    await page.goto(world.server.address, { waitUntil: "networkidle" });
    const times = await page.evaluate(() => ({
      ...(window as unknown as { times: { interactive: number; blocked: number } }).times,
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    }));
    return { scriptBytes: bytes.Script, allBytes: bytes.all, ...times };
  } finally {
    await context.close();
  }
}

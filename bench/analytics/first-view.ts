import { openVisitor, type World } from "../web/world";

/** In ms since the address was opened, and bytes on the wire. */
export interface FirstView {
  /** What the page itself names, and all that was loaded until nothing more came. */
  firstScriptBytes: number;
  scriptBytes: number;
  paint: number;
  interactive: number;
  shown: number;
  /** What tasks took beyond 50 ms each. */
  blocked: number;
}

/** Runs in the page before anything else: notes when what is looked for is there. */
const WATCH = `
  const times = (window.times = { interactive: 0, shown: 0, blocked: 0 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) times.blocked += Math.max(0, duration - 50);
  }).observe({ type: "longtask", buffered: true });
  const isAnswered = (element) => Object.keys(element).some((key) => key.startsWith("__reactProps"));
  const look = () => {
    const control = document.querySelector(CONTROL);
    if (times.interactive === 0 && control !== null && isAnswered(control)) times.interactive = performance.now();
    if (times.shown === 0 && document.querySelector(SHOWS) !== null)
      requestAnimationFrame(() => (times.shown ||= performance.now()));
    if (times.interactive === 0 || times.shown === 0) setTimeout(look, 1);
  };
  look();
`;

/** One visit with an empty cache. @param page `shows` and `control` are selectors */
export async function viewPage(
  world: World,
  { path, shows, control }: { path: string; shows: string; control: string },
): Promise<FirstView> {
  const { context, page, session } = await openVisitor(world);
  try {
    const scripts = new Map<string, { isFirst: boolean }>();
    const bytes = { firstScriptBytes: 0, scriptBytes: 0 };
    await session.send("Network.enable");
    session.on("Network.requestWillBeSent", ({ requestId, type, initiator }) => {
      if (type === "Script") scripts.set(requestId, { isFirst: initiator.type === "parser" });
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const script = scripts.get(requestId);
      if (script !== undefined) bytes.scriptBytes += encodedDataLength;
      if (script?.isFirst) bytes.firstScriptBytes += encodedDataLength;
    });
    const given = `const SHOWS = ${JSON.stringify(shows)}; const CONTROL = ${JSON.stringify(control)};`;
    await page.addInitScript({ content: `{ ${given} ${WATCH} }` });
    await page.goto(world.server.address + path, { waitUntil: "networkidle" });
    await page.waitForFunction("window.times.shown > 0 && window.times.interactive > 0");
    const times = await page.evaluate(() => ({
      ...(window as unknown as { times: Omit<FirstView, "paint" | keyof typeof bytes> }).times,
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    }));
    return { ...bytes, ...times };
  } finally {
    await context.close();
  }
}

import type { CDPSession, Page } from "playwright-core";

/** What a visitor would have felt for a while. Times in ms. */
export interface Recorded {
  /** From the beginning of each frame to that of the next. */
  frames: number[];
  /** From each key press to the frame that shows it. */
  keys: number[];
  /** Of each frame that took over 50 ms, what tasks of the page blocked; the rest of it waited for other programs. */
  blocked: number[];
  /** Processor time of the page's main thread, and how much of it in scripts, and in styles and layout. */
  busy: { tasks: number; scripts: number; layout: number };
  elapsed: number;
}

interface PageRecorder {
  frames: number[];
  keys: number[];
  blocked: number[];
  isOver: boolean;
}
type RecordedWindow = Window & { recorder?: PageRecorder };

/** Records until what it returns is called. */
export async function record(page: Page, session: CDPSession): Promise<() => Promise<Recorded>> {
  // Processor time: other programs that keep the machine busy do not count.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.evaluate(() => {
    const recorder: PageRecorder = { frames: [], keys: [], blocked: [], isOver: false };
    (window as RecordedWindow).recorder = recorder;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        recorder.blocked.push((entry as PerformanceEntry & { blockingDuration: number }).blockingDuration);
    }).observe({ type: "long-animation-frame" });
    let last: number | null = null;
    const onFrame = (now: number) => {
      if (last !== null) recorder.frames.push(now - last);
      last = now;
      if (!recorder.isOver) requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
    const onKey = ({ timeStamp }: KeyboardEvent) => {
      if (recorder.isOver) return;
      requestAnimationFrame(() => {
        // A message that is posted in a frame comes after it was drawn.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => recorder.keys.push(performance.now() - timeStamp);
        port2.postMessage(null);
      });
    };
    document.addEventListener("keydown", onKey, { capture: true });
  });
  const [startedAt, before] = [performance.now(), await busyOf(session)];
  return async () => {
    const after = await busyOf(session);
    const elapsed = performance.now() - startedAt;
    const { frames, keys, blocked } = await page.evaluate(() => {
      const recorder = (window as RecordedWindow).recorder!;
      recorder.isOver = true;
      return recorder;
    });
    const { tasks, scripts, layout } = after;
    const busy = {
      tasks: tasks - before.tasks,
      scripts: scripts - before.scripts,
      layout: layout - before.layout,
    };
    return { frames, keys, blocked, busy, elapsed };
  };
}

async function busyOf(session: CDPSession): Promise<Recorded["busy"]> {
  const metric = await metricsOf(session);
  return {
    tasks: 1000 * metric("TaskDuration"),
    scripts: 1000 * metric("ScriptDuration"),
    layout: 1000 * (metric("LayoutDuration") + metric("RecalcStyleDuration")),
  };
}

/** A figure of the page by Chromium's name for it. */
export async function metricsOf(session: CDPSession): Promise<(name: string) => number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return (name) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
}

// Scans the cache named by its first argument, none without one, with the helper named by the second; says how long that
// took (ms) and how much memory it held at most (bytes).
import { scanCache } from "../../lib/hub/scan/scan";

const [cacheDir, helperScript] = process.argv.slice(2);
const startedAt = performance.now();
if (cacheDir !== undefined) await scanCache(cacheDir, helperScript === undefined ? {} : { helperScript });
console.log(JSON.stringify({ ms: performance.now() - startedAt, peak: process.resourceUsage().maxRSS * 1024 }));

import type { CacheBody } from "../../_analytics/cache-contract";
import { BeforeAfter } from "./BeforeAfter";

interface CleaningLostProps {
  problem: string;
  before: CacheBody | null;
  /** As it was read last, again and again. */
  cache: CacheBody | null;
  onClose: () => void;
}

/** That the end of a cleaning was not heard, and what is true now. */
export function CleaningLost({ problem, before, cache, onClose }: CleaningLostProps) {
  const hasRead = cache !== null && cache !== before;
  return (
    <>
      <p className="wrap-anywhere text-bad" role="alert">
        {problem}
      </p>
      <p>
        A server that still runs goes on with it, file by file: no file is removed by half.{" "}
        {hasRead
          ? "This is the cache as it was read since, and it is read again and again."
          : "The cache has not been read since; it is tried again and again."}
      </p>
      {before !== null && hasRead && <BeforeAfter before={before} after={cache} now="Now" />}
      <div>
        <button type="button" className="button-quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  );
}

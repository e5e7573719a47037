import { useState, type FormEvent } from "react";

import { useRuns } from "../../_analytics/use-runs";
import { MetricsProblem } from "./MetricsProblem";
import { RunsTable } from "./RunsTable";
import { TokenForm } from "./TokenForm";

interface RunsProps {
  /** Another token was given. */
  onToken: () => void;
}

/** The single turns, the newest first, searched and page by page. */
export function Runs({ onToken }: RunsProps) {
  const [search, setSearch] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSearch(String(new FormData(event.currentTarget).get("search") ?? "").trim());
  };
  return (
    <section aria-labelledby="runs-title" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h2 id="runs-title" className="text-lg font-semibold">
          Recent turns
        </h2>
        <form role="search" className="flex min-w-0 items-center gap-2 text-sm" onSubmit={submit}>
          <input
            name="search"
            type="search"
            aria-label="Search turns"
            placeholder="Model, outcome, error, words"
            maxLength={200}
            className="h-8 w-64 max-w-full min-w-0 rounded-control border border-field-line bg-surface px-2 placeholder:text-quiet"
          />
          <button type="submit" className="button-quiet h-8">
            Find
          </button>
        </form>
      </div>
      <RunPages key={search} search={search} onToken={onToken} />
    </section>
  );
}

function RunPages({ search, onToken }: RunsProps & { search: string }) {
  /** Where each page that was left ended; the first page begins nowhere. */
  const [ends, setEnds] = useState<readonly (number | null)[]>([null]);
  const after = ends.at(-1) ?? null;
  return (
    <RunPage
      key={after}
      search={search}
      after={after}
      number={ends.length}
      onNewer={() => setEnds(ends.slice(0, -1))}
      onOlder={(end) => setEnds([...ends, end])}
      onToken={onToken}
    />
  );
}

interface RunPageProps extends RunsProps {
  search: string;
  after: number | null;
  /** From 1. */
  number: number;
  onNewer: () => void;
  onOlder: (end: number) => void;
}

function RunPage({ search, after, number, onNewer, onOlder, onToken }: RunPageProps) {
  const { page, problem } = useRuns(search, after);
  const [wantsWords, setWantsWords] = useState(false);
  if (page === null)
    return problem === null ? (
      <p className="text-sm text-quiet">The turns are being read.</p>
    ) : (
      <MetricsProblem problem={problem} isStale={false} onToken={onToken} />
    );
  const { runs, next } = page;
  const isVisitor = runs.some(({ run }) => run === null);
  return (
    <>
      {runs.length > 0 ? (
        <RunsTable runs={runs} />
      ) : (
        <p className="text-sm text-quiet" data-testid="no-runs">
          {search === "" ? "No turns yet." : next === null ? "No such turn was found." : "None found so far."}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2 text-sm text-quiet">
        {(number > 1 || next !== null) && (
          <nav aria-label="Pages of the turns" className="flex items-center gap-2">
            <button
              type="button"
              className="button-quiet disabled:opacity-50"
              disabled={number === 1}
              onClick={onNewer}
            >
              Newer
            </button>
            <span className="tabular-nums">Page {number}</span>
            <button
              type="button"
              className="button-quiet disabled:opacity-50"
              disabled={next === null}
              onClick={() => next !== null && onOlder(next)}
            >
              Older
            </button>
          </nav>
        )}
        {isVisitor && !wantsWords && (
          <button type="button" className="button-quiet" onClick={() => setWantsWords(true)}>
            What was asked
          </button>
        )}
      </div>
      {isVisitor && wantsWords && (
        <TokenForm words="What visitors said, and a search in it, is for the server's owner." onToken={onToken} />
      )}
    </>
  );
}

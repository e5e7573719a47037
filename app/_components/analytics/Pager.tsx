interface PagerProps {
  /** What is turned: "the ledger". */
  of: string;
  page: number;
  pages: number;
  onTurn: (page: number) => void;
}

/** Turns the pages of a long table; `page` counts from 0. */
export function Pager({ of, page, pages, onTurn }: PagerProps) {
  return (
    <nav aria-label={`Pages of ${of}`} className="flex items-center gap-2">
      <button
        type="button"
        className="button-quiet disabled:opacity-50"
        disabled={page === 0}
        onClick={() => onTurn(page - 1)}
      >
        Earlier
      </button>
      <span className="tabular-nums">
        Page {page + 1} of {pages}
      </span>
      <button
        type="button"
        className="button-quiet disabled:opacity-50"
        disabled={page === pages - 1}
        onClick={() => onTurn(page + 1)}
      >
        Later
      </button>
    </nav>
  );
}

"use client";

import { useDeferredValue, useId, useMemo, useState } from "react";

import type { Part, Picks } from "../../_analytics/picks";
import { LARGEST_FIRST, nextOrder, orderedRows, type Order } from "../../_analytics/row-order";
import type { RepoRow } from "../../_analytics/repo-rows";
import { counted } from "../../_analytics/words";
import { Pager } from "./Pager";
import { RepoTableHead } from "./RepoTableHead";
import { RepoTableRow } from "./RepoTableRow";
import { SortSelect } from "./SortSelect";

/** So many rows are drawn at a time: a table of 500 repositories stays quick on a phone too. */
const PAGE_ROWS = 50;

interface RepoTableProps {
  rows: readonly RepoRow[];
  /** The id of the listing they are from. */
  listing: string;
  picks: Picks;
  onPick: (parts: readonly Part[], isPicked: boolean) => void;
}

/** The repositories: sorted by a click on a column, searched, picked, and opened. */
export function RepoTable({ rows, listing, picks, onPick }: RepoTableProps) {
  const id = useId();
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState<Order>(LARGEST_FIRST);
  const [page, setPage] = useState(0);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const wanted = useDeferredValue(search);
  const found = useMemo(() => orderedRows(rows, wanted, order), [rows, wanted, order]);
  const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
  const shownPage = Math.min(page, pages - 1);
  const shown = found.slice(shownPage * PAGE_ROWS, (shownPage + 1) * PAGE_ROWS);
  const isAllPicked = shown.length > 0 && shown.every(({ name }) => picks.has(name));
  const sort = (next: Order) => {
    setOrder(next);
    setPage(0);
  };
  const toggle = (name: string) => {
    const next = new Set(opened);
    if (!next.delete(name)) next.add(name);
    setOpened(next);
  };
  return (
    <section aria-labelledby={`${id}-title`} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <h2 id={`${id}-title`} className="text-lg font-semibold">
          Repositories
        </h2>
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <SortSelect order={order} onSort={sort} />
          <label htmlFor={id} className="sr-only">
            Search repositories
          </label>
          <input
            id={id}
            type="search"
            placeholder="Search name, type, branch, commit"
            maxLength={200}
            className="h-8 w-64 max-w-full min-w-0 rounded-control border border-field-line bg-surface px-2 text-sm placeholder:text-quiet"
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setPage(0);
            }}
          />
        </div>
      </div>
      <table className="w-full border-collapse rounded-box border border-line bg-surface text-sm">
        <caption className="sr-only">The repositories of the cache</caption>
        <RepoTableHead
          order={order}
          onSort={(key) => sort(nextOrder(order, key))}
          isAllPicked={isAllPicked}
          onPickAll={(isPicked) =>
            onPick(
              shown.map(({ name }) => ({ repo: name })),
              isPicked,
            )
          }
        />
        {shown.map((row) => (
          <RepoTableRow
            key={row.name}
            row={row}
            listing={listing}
            isOpen={opened.has(row.name)}
            onToggle={() => toggle(row.name)}
            picks={picks}
            onPick={onPick}
          />
        ))}
      </table>
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm text-quiet">
        <p role="status">
          {found.length === rows.length
            ? counted(rows.length, "repository", "repositories")
            : `${found.length} of ${counted(rows.length, "repository", "repositories")} found`}
        </p>
        {pages > 1 && <Pager of="the repositories" page={shownPage} pages={pages} onTurn={setPage} />}
      </div>
    </section>
  );
}

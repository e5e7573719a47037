import { useMemo } from "react";

import type { StorageReport } from "../../_storage/contract";
import { formatShare, formatSize } from "../../_storage/words";
import { Paths } from "./Paths";
import { Section } from "./Section";
import { Size } from "./Size";
import { SortedTable, type Column } from "./SortedTable";

interface Copies {
  what: string;
  paths: string[];
  nb_paths: number;
  /** What one of them more than needed takes; null where that is not known. */
  size: number | null;
}

/** What is there more than once: the same bytes, the same model, and models that are little but their base. */
export function Duplicates({ report: { duplicates } }: { report: StorageReport }) {
  const { same_bytes: bytes, same_model: models, near_base: near } = duplicates;
  const rows = useMemo(
    (): Copies[] => [
      ...bytes.entries.map(({ size, paths, nb_paths }) => ({ what: "same bytes", paths, nb_paths, size })),
      ...models.entries.map(({ paths, nb_paths, certainty }) => ({
        what: certainty === "name" ? "same model by name" : "same model by shape",
        paths,
        nb_paths,
        size: null,
      })),
      ...near.entries.map(({ base, path, equal_share, adapter_size }) => ({
        what:
          adapter_size === null
            ? `${formatShare(equal_share, 1)} equal to its base`
            : `an adapter of ${formatSize(adapter_size)} on its base would do`,
        paths: [base, path],
        nb_paths: 2,
        size: null,
      })),
    ],
    [bytes, models, near],
  );
  const columns = useMemo(
    (): Column<Copies>[] => [
      { key: "what", name: "What", value: ({ what }) => what, cell: ({ what }) => what },
      { key: "size", name: "Size", isFigure: true, value: ({ size }) => size ?? 0, cell: ({ size }) => (size === null ? "–" : <Size bytes={size} />) }, // prettier-ignore
      { key: "paths", name: "Where", cell: ({ paths, nb_paths }) => <Paths paths={paths} count={nb_paths} /> },
    ],
    [],
  );
  const count = bytes.count + models.count + near.count;
  if (count === 0) return null;
  return (
    <Section title="There more than once" list={{ entries: rows, count }}>
      <SortedTable
        testId="duplicates"
        caption="What is there more than once"
        columns={columns}
        rows={rows}
        rowKey={({ what, paths }, index) => `${what} ${paths[0]} ${index}`}
        order={{ key: "size", isDescending: true }}
        pageRows={10}
      />
    </Section>
  );
}

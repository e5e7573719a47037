import { useMemo } from "react";

import type { StorageModel } from "../../_storage/contract";
import { formatParameters, KIND_WORDS } from "../../_storage/words";
import { Size } from "./Size";
import { SortedTable, type Column } from "./SortedTable";
import { StorageMark } from "./StorageMark";

const MARK_WEIGHT = { "act-now": 2, look: 1, fine: 0 };

/** The models of a folder, as their headers tell them. */
export function ModelTable({ models }: { models: readonly StorageModel[] }) {
  const columns = useMemo(
    (): Column<StorageModel>[] => [
      {
        key: "path",
        name: "Model",
        value: ({ path }) => path.toLowerCase(),
        cell: (model) => <ModelCell model={model} />,
      },
      { key: "size", name: "Size", isFigure: true, value: (model) => model.apparent_size, cell: (model) => <Size bytes={model.apparent_size} /> }, // prettier-ignore
      { key: "parameters", name: "Parameters", isFigure: true, value: ({ parameters }) => parameters ?? -1, cell: ({ parameters }) => formatParameters(parameters), shownFrom: "hidden md:table-cell" }, // prettier-ignore
      { key: "architecture", name: "Architecture", value: ({ architecture }) => architecture ?? "", cell: ({ architecture }) => architecture ?? "–", shownFrom: "hidden lg:table-cell" }, // prettier-ignore
      { key: "quantization", name: "Stored as", value: storedAs, cell: storedAs, shownFrom: "hidden sm:table-cell" },
      { key: "base", name: "Base", value: ({ base }) => base ?? "", cell: ({ base }) => <span className="wrap-anywhere">{base ?? "–"}</span>, shownFrom: "hidden lg:table-cell" }, // prettier-ignore
      {
        key: "mark",
        name: "Mark",
        value: ({ mark }) => -MARK_WEIGHT[mark],
        cell: ({ mark }) => <StorageMark mark={mark} />,
      },
    ],
    [],
  );
  return (
    <SortedTable
      testId="models"
      caption="Models"
      columns={columns}
      rows={models}
      rowKey={({ path }, index) => `${path} ${index}`}
      rowData={({ path }) => ({ "data-path": path })}
      order={{ key: "size", isDescending: true }}
      pageRows={12}
    />
  );
}

function storedAs({ quantization, formats }: StorageModel): string {
  return quantization ?? (formats.join(" + ") || "–");
}

/** Where it lies, what it is, and why it is marked. */
function ModelCell({ model }: { model: StorageModel }) {
  const { path, kind, name, rank, step, repo_id: repo, reasons } = model;
  const facts = [
    KIND_WORDS[kind],
    name === null || path.includes(name) ? null : name,
    rank === null ? null : `rank ${rank}`,
    step === null ? null : `step ${step}`,
    repo,
  ];
  return (
    <div className="flex min-w-40 flex-col">
      <span className="wrap-anywhere whitespace-pre-wrap">{path}</span>
      <span className="text-xs wrap-anywhere text-quiet">{facts.filter((fact) => fact !== null).join(" · ")}</span>
      {reasons.map((reason, index) => (
        <span key={index} className="text-xs wrap-anywhere text-quiet">
          {reason}
        </span>
      ))}
    </div>
  );
}

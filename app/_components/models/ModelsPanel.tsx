"use client";

import { useCatalogue } from "../../_models/use-catalogue";
import { isUnderWay } from "../../_models/words";
import { Dialog } from "../Dialog";
import { CatalogueRow } from "./CatalogueRow";
import { UseProgress } from "./UseProgress";
import { WhoMayUse } from "./WhoMayUse";

export interface ModelsPanelProps {
  /** Another model answers now; it keeps its identity from one drawing to the next. */
  onChanged: () => void;
  onClose: () => void;
}

/** The models to choose from: what each takes, whether it fits this machine, and one press to have it answer. */
export function ModelsPanel({ onChanged, onClose }: ModelsPanelProps) {
  const { catalogue, use, problem, wasTokenWrong, choose, cancel, giveToken } = useCatalogue(onChanged);
  const locked = [...new Set(Object.values(catalogue?.locked_by ?? {}))].filter((name) => name !== null);
  return (
    <Dialog title="Models" onClose={onClose}>
      <p className="text-sm text-quiet">
        One model answers; another decides and thinks first. Until a new one is downloaded and loaded, the present one
        goes on answering.
      </p>
      {locked.length > 0 && (
        <p className="mt-2 text-sm wrap-anywhere" data-testid="locked">
          {locked.join(" and ")} in the server&apos;s settings {locked.length === 1 ? "names" : "name"} what answers,
          and {locked.length === 1 ? "wins" : "win"} over a choice made here.
        </p>
      )}
      {catalogue !== null && <WhoMayUse mayUse={catalogue.may_use} wasWrong={wasTokenWrong} onToken={giveToken} />}
      {problem !== null && (
        <p role="alert" className="mt-2 text-sm wrap-anywhere text-bad">
          {problem}
        </p>
      )}
      {use !== null && <UseProgress use={use} onCancel={catalogue?.may_use === "yes" ? cancel : null} />}
      {catalogue === null && problem === null && <p className="mt-3 text-sm text-quiet">The list is being read.</p>}
      <ul className="mt-3 flex flex-col" aria-label="Models to choose from">
        {catalogue?.models.map((model) => (
          <CatalogueRow
            key={model.id}
            model={model}
            lockedBy={catalogue.locked_by}
            onChoose={catalogue.may_use === "yes" && !isUnderWay(use) ? choose : null}
          />
        ))}
      </ul>
      {catalogue !== null && (
        <p className="mt-2 text-sm text-quiet">
          Figures of {catalogue.date}. What is &quot;about&quot; so much is read exactly before anything is downloaded.
        </p>
      )}
    </Dialog>
  );
}

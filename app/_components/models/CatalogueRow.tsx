import { useState } from "react";

import type { CatalogueBody, CatalogueEntryBody } from "@/lib/wire";

import { fitWords, parameterWords, roleWords, sizeWords } from "../../_models/words";
import { Mark } from "../analytics/Mark";

type Role = CatalogueEntryBody["roles"][number];

interface CatalogueRowProps {
  model: CatalogueEntryBody;
  lockedBy: CatalogueBody["locked_by"];
  /** Null where nothing can be chosen now. */
  onChoose: ((id: string, role: Role | undefined) => void) | null;
}

/** One model: what it is, what it takes, and the way to use it. */
export function CatalogueRow({ model, lockedBy, onChoose }: CatalogueRowProps) {
  const { id, name, used_as: usedAs, fit, words } = model;
  const free = model.roles.filter((role) => lockedBy[role] === null);
  const isUsed = free.every((role) => usedAs.includes(role));
  // What was only estimated may be tried: it is looked up before a byte is downloaded.
  const isRefused = fit !== null && (fit.mark === "disk" || (fit.mark === "no" && fit.forecast));
  return (
    <li
      className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-t border-line py-3"
      data-model={id}
    >
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
          {name}
          {usedAs.length > 0 && <Mark tone="good">used for {roleWords(usedAs)}</Mark>}
          {usedAs.length === 0 && model.on_disk && model.size !== null && <Mark>downloaded</Mark>}
        </h3>
        <Facts model={model} />
        {words !== null && <p className="text-sm wrap-anywhere text-quiet">{words}</p>}
        {fit !== null && (
          <p
            className={`text-sm ${fit.mark === "no" || fit.mark === "disk" ? "text-bad" : ""}`}
            data-testid="fit"
            data-mark={fit.mark}
          >
            {fitWords(fit)}
          </p>
        )}
      </div>
      {onChoose !== null && free.length > 0 && !isRefused && !isUsed && (
        <ChooseForm model={model} free={free} onChoose={onChoose} />
      )}
    </li>
  );
}

function Facts({ model }: { model: CatalogueEntryBody }) {
  const { roles, used_as: usedAs, context, license, source } = model;
  const isSaid = roles.every((role) => usedAs.includes(role));
  const facts = [
    // Beside its name stands already what it is used for.
    isSaid ? "" : `for ${roleWords(roles)}`,
    sizeWords(model),
    parameterWords(model),
    context === null ? null : `context of ${context.toLocaleString("en-US")} tokens`,
  ].filter((fact) => fact !== null && fact !== "");
  return (
    <p className="text-sm wrap-anywhere text-quiet">
      {facts.join(" · ")}
      {license !== null && " · "}
      {license !== null &&
        (source === null ? (
          license
        ) : (
          <a className="underline hover:text-ink" href={source} target="_blank" rel="noreferrer license">
            {license}
          </a>
        ))}
    </p>
  );
}

interface ChooseFormProps {
  model: CatalogueEntryBody;
  /** Roles that no setting keeps. */
  free: Role[];
  onChoose: NonNullable<CatalogueRowProps["onChoose"]>;
}

function ChooseForm({ model, free, onChoose }: ChooseFormProps) {
  const [role, setRole] = useState<Role | "all">("all");
  const label = model.on_disk ? "Use" : "Download and use";
  const taken = role === "all" ? free : [role];
  return (
    <div className="flex flex-wrap items-center gap-2">
      {free.length > 1 && (
        <select
          aria-label={`Use ${model.name} for`}
          className="h-8 rounded-control border border-field-line bg-surface px-2 text-sm"
          value={role}
          onChange={({ target }) => setRole(target.value as Role | "all")}
        >
          <option value="all">for {roleWords(free)}</option>
          {free.map((one) => (
            <option key={one} value={one}>
              for {roleWords([one])}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        className="button-quiet h-8"
        aria-label={`${label} ${model.name}`}
        disabled={taken.every((one) => model.used_as.includes(one))}
        onClick={() => onChoose(model.id, role === "all" ? undefined : role)}
      >
        {label}
      </button>
    </div>
  );
}

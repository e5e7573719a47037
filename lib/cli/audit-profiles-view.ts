import type { Profile } from "../runtime";
import { bytes, more, part, table } from "./audit-table";

/** What each kind of use would hold, for people. `top`: lines of each list. */
export function profileLines(profiles: readonly Profile[], top: number): string[] {
  const rows = profiles.map(({ profile, size, program_size: program, models, models_size, volume_size, elsewhere }) => [
    profile,
    bytes(size),
    bytes(program),
    `${bytes(models_size)} in ${models.length}`,
    volume_size === 0 ? "" : bytes(volume_size),
    elsewhere,
  ]);
  return [
    "What a copy would hold",
    ...table([["PROFILE", "SIZE", "PROGRAM", "MODELS", "VOLUME", "ELSEWHERE"], ...rows], [1, 2, 3, 4]),
    ...profiles.flatMap((profile) => [
      ...part(titleOf(profile), table(modelRows(profile, top), [0])),
      ...more(profile.models.length - top, "models"),
    ]),
  ];
}

function titleOf({ profile, domains }: Profile): string {
  return domains.length === 0 ? profile : `${profile}, with the domains ${domains.join(", ")}`;
}

function modelRows({ models }: Profile, top: number): string[][] {
  return models.slice(0, top).map(({ apparent_size, path, why }) => [bytes(apparent_size), path, why]);
}

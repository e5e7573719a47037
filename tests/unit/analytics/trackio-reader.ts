import { spawnSync } from "node:child_process";

/** A Python with trackio in it, where there is one. */
const PYTHON = process.env["MEMWELL_TRACKIO_PYTHON"] ?? "python3";

export const hasTrackio = spawnSync(PYTHON, ["-c", "import trackio.sqlite_storage"]).status === 0;

/** What trackio's own reader finds in a project. */
export interface TrackioReading {
  projects: string[];
  runs: { id: string; name: string }[];
  tabs: Record<string, boolean>;
  logs: Record<string, Record<string, unknown>[]>;
  system: Record<string, Record<string, unknown>[]>;
  traces: Record<string, { messages: unknown[] }[]>;
  config: Record<string, unknown>;
  alerts: Record<string, unknown>[];
  /** Rows of `demo-response` after trackio has logged one more. */
  added: number;
}

const PROGRAM = `
import json, sys
from trackio.sqlite_storage import SQLiteStorage as S
project = sys.argv[1]
runs = S.get_run_records(project)
names = [run["name"] for run in runs]
out = {
    "projects": S.get_projects(),
    "runs": runs,
    "tabs": S.get_tab_availability_flags(project),
    "logs": {name: S.get_logs(project, name) for name in names},
    "system": {name: S.get_system_logs(project, name) for name in names},
    "traces": {name: S.get_traces(project, name) for name in names},
    "config": {name: S.get_run_config(project, name) for name in names},
    "alerts": S.get_alerts(project),
}
S.bulk_log(project, "demo-response", [{"turn/seconds": 1.5}], run_id="memwell:demo-response")
out["added"] = len(S.get_logs(project, "demo-response"))
print(json.dumps(out))
`;

/** @param folder where the project's file lies */
export function askTrackio(folder: string, project: string): TrackioReading {
  const { stdout, stderr, status } = spawnSync(PYTHON, ["-c", PROGRAM, project], {
    env: { ...process.env, TRACKIO_DIR: folder, HF_HUB_OFFLINE: "1" },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`trackio could not read it: ${stderr}`);
  return JSON.parse(stdout) as TrackioReading;
}

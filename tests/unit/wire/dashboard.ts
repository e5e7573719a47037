import { readFileSync } from "node:fs";

interface Panel {
  title?: string;
  targets?: { expr: string }[];
  panels?: Panel[];
}

/** The questions that the dashboard for Grafana asks Prometheus. */
export function dashboardQueries(): { title: string; expression: string }[] {
  const { panels, templating } = JSON.parse(readFileSync("docs/grafana-dashboard.json", "utf8")) as {
    panels: Panel[];
    templating: { list: { name: string; query: unknown }[] };
  };
  const flat = (list: readonly Panel[]): Panel[] => list.flatMap((panel) => [panel, ...flat(panel.panels ?? [])]);
  const ofPanels = flat(panels).flatMap(({ title = "", targets = [] }) =>
    targets.map(({ expr: expression }) => ({ title, expression })),
  );
  const ofVariables = templating.list.flatMap(({ name, query }) =>
    typeof query === "string" && query.includes("memwell_") ? [{ title: name, expression: query }] : [],
  );
  return [...ofPanels, ...ofVariables];
}

/** Names of metrics, which stand in front of labels, a range or the end of an argument. */
export function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/\bmemwell_[a-z0-9_]+/g)].map(([name]) => name);
}

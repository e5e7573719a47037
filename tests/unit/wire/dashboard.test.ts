import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Dashboard, GRID_COLUMNS } from "./dashboard-schema";

const dashboard = Dashboard.parse(JSON.parse(readFileSync("docs/grafana-dashboard.json", "utf8")));
const { panels, templating } = dashboard;

describe("the dashboard for Grafana", () => {
  it("has no panel over another one, and no gap in a row of them", () => {
    const taken = new Map<string, number>();
    for (const { id, gridPos: place } of panels)
      for (let x = place.x; x < place.x + place.w; x++)
        for (let y = place.y; y < place.y + place.h; y++) {
          expect(taken.get(`${x} ${y}`), `panel ${id} lies over another`).toBeUndefined();
          taken.set(`${x} ${y}`, id);
        }
    const height = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
    expect(taken.size).toBe(GRID_COLUMNS * height);
  });

  it("gives each panel an id of its own, and each row and figure a title of its own among its kind", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ type, title }) => `${type} ${title}`)).size).toBe(panels.length);
  });

  it("asks whichever Prometheus is chosen, and the instances that are chosen", () => {
    const variables = new Map(templating.list.map((variable) => [variable.name, variable]));
    expect(variables.get("datasource")).toMatchObject({ type: "datasource", query: "prometheus" });
    expect(variables.get("instance")).toMatchObject({ type: "query", datasource: { uid: "${datasource}" } });
    const asked = panels.flatMap((panel) => ("targets" in panel ? panel.targets : [])).map(({ expr }) => expr);
    for (const expression of asked) {
      expect(expression).toContain('instance=~"$instance"');
      const used = [...expression.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name ?? "");
      for (const name of used)
        expect([...variables.keys(), "__range", "__rate_interval", "__interval"]).toContain(name);
    }
  });

  it("can be brought into any Grafana: it has no id of one, and needs no input", () => {
    const whole = JSON.parse(readFileSync("docs/grafana-dashboard.json", "utf8")) as object;
    for (const name of ["id", "__inputs", "__requires", "gnetId"]) expect(whole).not.toHaveProperty(name);
  });
});

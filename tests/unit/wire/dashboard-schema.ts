import { z } from "zod";

/*
 * Grafana's data model of a dashboard as far as ours uses it: `kinds/dashboard/dashboard_kind.cue` of grafana/grafana and
 * what is generated from it (`packages/grafana-schema/src/raw/dashboard/x`). Strict: a field that is spelled wrong is one
 * that Grafana passes over without a word.
 */

/** How many columns a dashboard has. */
export const GRID_COLUMNS = 24;
/** Grafana mends older ones as far back as 13; 39 is that of Grafana 10.3, which newer ones read. */
const OLDEST_SCHEMA = 36;
const NEWEST_KNOWN_SCHEMA = 42;

const whole = z.number().int().min(0);
const text = z.string().min(1);

const DataSource = z.strictObject({ type: z.literal("prometheus"), uid: z.literal("${datasource}") });

const GridPosition = z
  .strictObject({ h: whole.min(1), w: whole.min(1).max(GRID_COLUMNS), x: whole.max(GRID_COLUMNS - 1), y: whole })
  .refine(({ x, w }) => x + w <= GRID_COLUMNS, "sticks out at the right");

/** Ids of units that Grafana knows: `packages/grafana-data/src/valueFormats/categories.ts`. */
const Unit = z.enum(["none", "short", "bytes", "decbytes", "percent", "percentunit", "s", "ms"]);

const FieldConfig = z.strictObject({
  defaults: z.strictObject({
    unit: Unit,
    min: z.number().optional(),
    custom: z
      .strictObject({
        fillOpacity: z.number().min(0).max(100),
        showPoints: z.enum(["auto", "never", "always"]),
        stacking: z.strictObject({ mode: z.enum(["none", "normal", "percent"]) }),
      })
      .optional(),
  }),
  overrides: z.array(z.strictObject({ matcher: z.looseObject({ id: text }), properties: z.array(z.unknown()) })),
});

const Target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: DataSource,
  expr: text,
  legendFormat: z.string(),
});

const TimeSeriesOptions = z.strictObject({
  legend: z.strictObject({
    displayMode: z.enum(["list", "table", "hidden"]),
    placement: z.enum(["bottom", "right"]),
    showLegend: z.boolean(),
    calcs: z.array(text),
  }),
  tooltip: z.strictObject({ mode: z.enum(["single", "multi", "none"]), sort: z.enum(["asc", "desc", "none"]) }),
});

const StatOptions = z.strictObject({
  reduceOptions: z.strictObject({ calcs: z.array(text).min(1), fields: z.string(), values: z.boolean() }),
  colorMode: z.enum(["none", "value", "background", "background_solid"]),
  graphMode: z.enum(["none", "line", "area"]),
  textMode: z.enum(["auto", "value", "value_and_name", "name", "none"]),
});

const figure = {
  id: whole.min(1),
  title: text,
  description: z.string(),
  datasource: DataSource,
  gridPos: GridPosition,
  fieldConfig: FieldConfig,
  targets: z
    .array(Target)
    .min(1)
    .refine((targets) => new Set(targets.map(({ refId }) => refId)).size === targets.length, "a refId twice"),
};
const TimeSeries = z.strictObject({ ...figure, type: z.literal("timeseries"), options: TimeSeriesOptions });
const Stat = z.strictObject({ ...figure, type: z.literal("stat"), options: StatOptions });

const Row = z.strictObject({
  id: whole.min(1),
  type: z.literal("row"),
  title: text,
  collapsed: z.literal(false),
  gridPos: GridPosition,
  // Only a row that is folded up holds its panels itself.
  panels: z.tuple([]),
});

const Variable = z.strictObject({
  name: z.string().regex(/^\w+$/),
  label: text,
  type: z.enum(["datasource", "query"]),
  query: text,
  datasource: DataSource.optional(),
  current: z.looseObject({}),
  hide: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  refresh: z.union([z.literal(1), z.literal(2)]).optional(),
  includeAll: z.boolean().optional(),
  multi: z.boolean().optional(),
  allValue: z.string().optional(),
});

export const Dashboard = z.strictObject({
  title: text,
  // Grafana takes no longer one.
  uid: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  description: z.string(),
  tags: z.array(text),
  schemaVersion: whole.min(OLDEST_SCHEMA).max(NEWEST_KNOWN_SCHEMA),
  version: whole,
  editable: z.boolean(),
  refresh: z.string().regex(/^\d+[smhd]$/),
  time: z.strictObject({ from: text, to: text }),
  timezone: z.enum(["browser", "utc"]),
  graphTooltip: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  templating: z.strictObject({ list: z.array(Variable) }),
  annotations: z.strictObject({ list: z.array(z.unknown()) }),
  panels: z.array(z.discriminatedUnion("type", [TimeSeries, Stat, Row])),
});

export type GrafanaDashboard = z.infer<typeof Dashboard>;

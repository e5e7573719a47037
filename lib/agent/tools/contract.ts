/**
 * What a tool of the agent is, so that one more tool is one more file and one more entry in the list that the registry is
 * given.
 *
 * | call    | gets                                   | answers             | throws                         |
 * |---------|----------------------------------------|---------------------|--------------------------------|
 * | `parse` | whatever a model wrote, hostile        | the tool's arguments| `tool_arguments_invalid`       |
 * | `run`   | what `parse` answered                  | text and a display  | `tool_failed`, `aborted`       |
 */
export interface AgentTool<Arguments> {
  /** Lower case with underscores, unique in a registry. */
  readonly name: string;
  /** For the model: what the tool is for, and when to use it. `compact` is a few tokens. */
  readonly description: { readonly full: string; readonly compact: string };
  /** The arguments are generated under a grammar made from this, which is why it knows so few keywords. */
  readonly jsonSchema: ToolSchema;
  /** Throws `tool_arguments_invalid` whose fields name the tool, the field, and what is allowed. */
  parse(written: unknown): Arguments;
  /** Gets ready what the first call would wait for. Called when a call is known to come. */
  warm?(): Promise<void>;
  /** Throws `tool_failed` with the reason for a student and a model to read, and `aborted` when `signal` ends it. */
  run(toolArguments: Arguments, options: { signal?: AbortSignal }): Promise<ToolResult>;
}

/** The part of JSON Schema that a grammar is made of. */
export type ToolSchema =
  | {
      readonly type: "object";
      readonly properties: Readonly<Record<string, ToolSchema>>;
      readonly required: readonly string[];
    }
  | { readonly type: "array"; readonly items: ToolSchema; readonly minItems?: number; readonly maxItems?: number }
  | {
      readonly type: "string";
      readonly enum?: readonly string[];
      readonly minLength?: number;
      readonly maxLength?: number;
    }
  | { readonly type: "number" };

export interface ToolResult {
  /** For the model and for a screen reader: compact plain text. */
  text: string;
  /** What the browser draws; null when the text is all there is. */
  display: ToolDisplay | null;
}

/** Plain JSON: it is stored with the run and sent to the browser. Its texts are text, never HTML. */
export type ToolDisplay = ChartDisplay | CalculationDisplay;

export type ChartType = "bar" | "line" | "pie";

/** Enough for a drawing and for a table: a row for each label, a column for each series. */
export interface ChartDisplay {
  kind: "chart";
  type: ChartType;
  title: string;
  /** Empty when there is none, as `y_label` and `context`. */
  x_label: string;
  y_label: string;
  /** What a student should see in the chart. */
  context: string;
  /** Distinct, one for each point. */
  labels: string[];
  /** Each with as many finite numbers as there are labels. A pie has one series. */
  series: ChartSeries[];
  /** `describeChart` of the above: what a screen reader says. */
  description: string;
}

export interface ChartSeries {
  /** Empty when the only series has no name. */
  name: string;
  values: number[];
}

export interface CalculationDisplay {
  kind: "calculation";
  /** As the calculator read it. */
  expression: string;
  /** What to show as the answer: `7/8`, `x = 2`, `1.96850393701 inch`. */
  result: string;
  /** The answer without rounding, null when there is none. */
  exact: string | null;
  /** The answer as a decimal, null when it is no number or an integer. */
  approximate: string | null;
  /** How it was found, a line each; may be empty. */
  steps: string[];
  /** The answer in LaTeX, without delimiters; null when it has no simple form. */
  latex: string | null;
}

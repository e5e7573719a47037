import { queryNumber, queryText } from "./query-fields";
import { valueRefusal } from "./refusals";

/** No model was trained for more, by far. */
const MOST_CONTEXT = 2 ** 30;

/** What a model is forecast to take, by parts. In bytes. */
interface ForecastParts {
  weights: number;
  kv: number;
  compute: number;
  adapters: number;
  process: number;
  total: number;
}

interface Download {
  size: number;
  files: { path: string; size: number }[];
  free_disk_bytes: number | null;
  fits_disk: boolean;
}

/** What the encoder needs; the runtime's `FitReport` fits. In bytes and tokens. */
export interface FitFigures {
  model: string;
  path: string;
  reason: string | null;
  download: Download | null;
  contextSize: number;
  sequences: number;
  forecast: ForecastParts;
  limit: { bytes: number; bound: string };
  budgetBytes: number;
  otherBytes: number;
  resident: { ids: string[]; bytes: number }[];
  fits: boolean;
  fitsBeside: boolean;
  trainedContext: number;
  largestContext: number | null;
  waysOut: object[];
}

/**
 * The body of `GET /api/models/fit`, and what `models fit --json` prints: whether a model fits into memory, by parts, beside
 * what is held now. In bytes and tokens.
 */
export interface FitBody {
  model: string;
  /** Null for whoever may not administer the server. */
  path: string | null;
  /** Why this quant of several; null when it was named. */
  reason: string | null;
  /** What would be downloaded first; null when the files are there. */
  download: Download | null;
  /** Whether it can be loaded, if need be after the others have left; and whether they can stay. */
  fits: boolean;
  fits_beside: boolean;
  forecast: ForecastParts;
  context_size: number;
  sequences: number;
  trained_context: number;
  largest_context: number | null;
  limit: { bytes: number; bound: string };
  budget: number;
  other: number;
  resident: { ids: string[]; bytes: number }[];
  ways_out: object[];
}

export function encodeFit(report: FitFigures): FitBody {
  return {
    model: report.model,
    path: report.path,
    reason: report.reason,
    download: report.download,
    fits: report.fits,
    fits_beside: report.fitsBeside,
    forecast: report.forecast,
    context_size: report.contextSize,
    sequences: report.sequences,
    trained_context: report.trainedContext,
    largest_context: report.largestContext,
    limit: report.limit,
    budget: report.budgetBytes,
    other: report.otherBytes,
    resident: report.resident,
    ways_out: report.waysOut,
  };
}

/**
 * Reads `?model=REF&context=TOKENS`; an empty context counts as not given.
 *
 * @throws MemwellError `invalid_request` naming the parameter
 */
export function parseFitQuery(parameters: URLSearchParams): { model: string; contextSize: number | undefined } {
  const model = queryText(parameters, "model");
  if (model === undefined)
    throw valueRefusal(["model"], undefined, "the id of a model, hf:ORG/REPO..., or the path of a GGUF file");
  return { model, contextSize: queryNumber(parameters, "context", 1, MOST_CONTEXT) };
}

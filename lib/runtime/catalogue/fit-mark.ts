import { SPARE_BYTES } from "../../hub";
import type { CatalogueFit } from "./contract";

const GB = 1e9;
/** Tokens of a conversation where the settings leave it open. */
const USUAL_CONTEXT = 4096;

/**
 * About what a model holds, from the size of its file alone. Weights are held once, and the embeddings of many a second time;
 * conversations of usual length take up to half a gigabyte, as do vocabulary, buffers and the process.
 *
 * @param contextSize tokens, or what is chosen automatically
 */
export function estimateBytes(fileBytes: number, contextSize: number | "auto"): number {
  const context = contextSize === "auto" ? USUAL_CONTEXT : Math.max(USUAL_CONTEXT, contextSize);
  return Math.round(fileBytes * 1.1 + 0.5 * GB + (0.5 * GB * context) / USUAL_CONTEXT);
}

/**
 * About the bytes of a file, from parameters and the bits that a quant has for each; null where the quant says nothing.
 *
 * @param quant such as `Q4_K_M`: its digit, and half a bit or more for scales
 */
export function estimateFileBytes(parameters: number | null, quant: string | null): number | null {
  const bits = Number(/(\d+)/.exec(quant ?? "")?.[1] ?? NaN);
  if (parameters === null || Number.isNaN(bits)) return null;
  return Math.round((parameters * (bits >= 16 ? bits : bits + 0.85)) / 8);
}

/** The mark of a model; see `FitMark`. Pure. In bytes. */
export function markFit(
  figures: Omit<CatalogueFit, "mark"> & { sizeBytes: number; diskBudget: number | null },
): CatalogueFit {
  const { sizeBytes, diskBudget, ...fit } = figures;
  const { neededBytes, roomBytes, otherBytes, downloadBytes, freeDiskBytes } = fit;
  const isDiskShort = freeDiskBytes !== null && downloadBytes > 0 && downloadBytes + SPARE_BYTES > freeDiskBytes;
  const isOverBudget = diskBudget !== null && downloadBytes > 0 && sizeBytes > diskBudget;
  if (neededBytes > roomBytes) return { mark: "no", ...fit };
  if (isDiskShort || isOverBudget)
    return { mark: "disk", ...fit, freeDiskBytes: isOverBudget ? diskBudget : freeDiskBytes };
  return { mark: neededBytes + otherBytes <= roomBytes ? "beside" : "alone", ...fit };
}

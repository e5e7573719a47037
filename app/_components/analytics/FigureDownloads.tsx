"use client";

import { useState } from "react";

import { csvOf, type CsvCell } from "../../_analytics/csv";
import { saveFile } from "../../_chat/save-file";
import { fileNameOf } from "../answer/chart-words";
import type { PictureWords } from "../answer/take-picture";
import type { UsedFigure } from "./use-figure";

/** The numbers of a chart: the names of the columns, and a line for each row. */
export interface FigureNumbers {
  head: readonly string[];
  rows: readonly (readonly CsvCell[])[];
}

interface FigureDownloadsProps extends PictureWords {
  figure: Pick<UsedFigure, "takePicture" | "hasFailed">;
  /** As they are stored, not rounded. */
  numbers: () => FigureNumbers;
}

/** A chart to take along: as a picture in the theme that is shown, or its numbers for a spreadsheet. */
export function FigureDownloads({ figure, numbers, ...words }: FigureDownloadsProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const { title } = words;
  const savePicture = () => {
    setProblem(null);
    figure.takePicture(words).then(
      (picture) => saveFile(picture, fileNameOf(title)),
      () => setProblem("This browser could not save the picture."),
    );
  };
  const saveNumbers = () => {
    const { head, rows } = numbers();
    saveFile(new Blob([csvOf(head, rows)], { type: "text/csv;charset=utf-8" }), fileNameOf(title, "csv"));
  };
  return (
    <>
      <button type="button" className="button-quiet" disabled={figure.hasFailed} onClick={savePicture}>
        PNG<span className="sr-only"> of {title}</span>
      </button>
      <button type="button" className="button-quiet" onClick={saveNumbers}>
        CSV<span className="sr-only"> of {title}</span>
      </button>
      <span role="status" className="text-sm text-bad">
        {problem}
      </span>
    </>
  );
}

/** The columns of the turns, and where each stands: on a narrow screen what it says stands in the opened turn. */
export const RUN_COLUMNS = [
  { name: "Time", place: "text-left" },
  { name: "Question", place: "hidden text-left md:table-cell" },
  { name: "Model", place: "hidden text-left md:table-cell" },
  { name: "First token", place: "hidden text-right lg:table-cell" },
  { name: "Tokens/s", place: "hidden text-right lg:table-cell" },
  { name: "Took", place: "text-right" },
  { name: "Outcome", place: "text-left" },
  { name: "Opinion", place: "hidden text-left md:table-cell" },
] as const;

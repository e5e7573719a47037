/** What became of a model, told when it happens: it begins to leave for another one, which did not fit beside it. */
export interface ResidencyChange {
  type: "leaving";
  key: string;
  reason: "evicted";
  for: string;
}

const whole = new Intl.NumberFormat("en-US", { useGrouping: false });
const format = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 12, useGrouping: false });
const percent = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1, useGrouping: false });

/** An integer whole, the rest with 12 digits at most, so that 0.1 + 0.2 reads 0.3. */
export function formatNumber(number: number): string {
  return (Number.isInteger(number) ? whole : format).format(number).replace(/^-0$/, "0");
}

/** A share of 1 as a percentage of one decimal. What is there but too small to show is `below 0.1%`. */
export function formatShare(share: number): string {
  const written = percent.format(share * 100);
  return written === "0" && share > 0 ? "below 0.1%" : `${written}%`;
}

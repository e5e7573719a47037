import { describe, expect, it } from "vitest";
import { alertFigures, alertName, alertPlace } from "../../../app/_analytics/alert-words";
import { hiddenAlerts } from "../../../app/_analytics/hidden-alerts";
import { ledgerAddress, ledgerFilterOf, turnAddress } from "../../../app/_analytics/ledger-address";

describe("the filter of the ledger in an address", () => {
  it.each([
    ["", { run: "", model: "", step: "" }, "/analytics/memory"],
    ["?run=r1&model=a%2Fb&step=decode", { run: "r1", model: "a/b", step: "decode" }, null],
    ["?__theme=dark&step=load", { run: "", model: "", step: "load" }, "/analytics/memory?step=load&__theme=dark"],
    ["?step=dance&__theme=pink", { run: "", model: "", step: "" }, "/analytics/memory"],
  ])("of %j is read, and written as the same", (search, filter, address) => {
    expect(ledgerFilterOf(search)).toEqual(filter);
    expect(ledgerAddress(filter, search)).toBe(address ?? `/analytics/memory${search}`);
  });

  it("is no longer than an id or a name can be", () => {
    expect(ledgerFilterOf(`?run=${"r".repeat(5000)}`).run).toHaveLength(200);
  });

  it("leads to the turn in the chat, in the same theme", () => {
    expect(turnAddress("r1", "?run=other&c=x&__theme=light")).toBe("/?run=r1&__theme=light");
  });
});

describe("an alert in words", () => {
  const alert = { subject: null, value: 0.934, bound: 0.9 };

  it.each([
    [{ ...alert, name: "memory_budget" }, "The memory budget", "93.4 % held, 90 % is the bound", "/analytics/memory"],
    [
      { name: "disk_free", subject: null, value: 8e8, bound: 1e9 },
      "Free disk",
      "800 MB, 1.0 GB is the bound",
      "/analytics/cache",
    ],
    [
      { name: "evictions", subject: "tutor", value: 21, bound: 1 },
      "Evictions of tutor",
      "21 times in an hour, 1 time is the bound",
      "/analytics/memory",
    ],
    [
      { name: "of_tomorrow", subject: null, value: 2, bound: 1 },
      "of tomorrow",
      "2, 1 is the bound",
      "/analytics/memory",
    ],
    [{ name: "toString", subject: null, value: 2, bound: 1 }, "toString", "2, 1 is the bound", "/analytics/memory"],
  ])("%j has its figures and where to go", (told, name, figures, address) => {
    expect(alertName(told)).toBe(name);
    expect(alertFigures(told)).toBe(figures);
    expect(alertPlace(told).address).toBe(address);
  });
});

it("alerts stay hidden without a place to keep that, and those that are over are forgotten", () => {
  hiddenAlerts.add(3);
  hiddenAlerts.add(7);
  hiddenAlerts.add(7);
  expect(hiddenAlerts.read()).toBe("3 7");
  hiddenAlerts.keepOnly([7, 9]);
  expect(hiddenAlerts.read()).toBe("7");
});

import { describe, expect, it } from "vitest";
import type { RegisteredModel } from "../../../lib/runtime/model-registry";
import { ModelRoster } from "../../../lib/runtime/model-roster";

const model = (id: string, roles: RegisteredModel["roles"] = ["response"]): RegisteredModel => ({
  id,
  roles,
  source: "hub",
  path: `hf:org/${id}`,
  adapterPath: null,
});

function rosterOf(...models: RegisteredModel[]) {
  const gone: string[] = [];
  return { roster: new ModelRoster(models, ({ id }) => gone.push(id)), gone };
}
const ids = (models: readonly RegisteredModel[]) => models.map(({ id }) => id);

describe("the models that answer", () => {
  it("are exchanged at once for whoever begins then, and stay known for whoever began before", () => {
    const { roster, gone } = rosterOf(model("old"), model("thinker", ["reasoning"]));
    const { all } = roster;
    const turn = roster.use();
    roster.replace([model("new"), model("thinker", ["reasoning"])]);
    expect(ids(roster.active)).toEqual(["new", "thinker"]);
    expect(ids(turn.models)).toEqual(["old", "thinker"]);
    expect(ids(all)).toEqual(["new", "thinker", "old"]);
    expect(gone).toEqual([]);
    turn.release();
    turn.release();
    expect(ids(all)).toEqual(["new", "thinker"]);
    expect(gone).toEqual(["old"]);
  });

  it("lets go of a model only when the last turn with it has ended", () => {
    const { roster, gone } = rosterOf(model("old"));
    const [one, other] = [roster.use(), roster.use()];
    roster.replace([model("new")]);
    one.release();
    expect(gone).toEqual([]);
    other.release();
    expect(gone).toEqual(["old"]);
  });

  it("keeps a model that comes back meanwhile", () => {
    const { roster, gone } = rosterOf(model("a"));
    const turn = roster.use();
    roster.replace([model("b")]);
    roster.replace([model("a")]);
    turn.release();
    expect(gone).toEqual(["b"]);
    expect(ids(roster.all)).toEqual(["a"]);
  });

  it("knows a model that is tried before it answers, and forgets it when that fails", () => {
    const { roster, gone } = rosterOf(model("old"));
    const trial = roster.try([model("new")]);
    expect(ids(roster.all)).toEqual(["old", "new"]);
    expect(ids(roster.active)).toEqual(["old"]);
    trial.release();
    expect(ids(roster.all)).toEqual(["old"]);
    expect(gone).toEqual(["new"]);
  });

  it("takes the roles of the exchange where a model has others than before", () => {
    const { roster } = rosterOf(model("m"));
    roster.replace([model("m", ["response", "reasoning"])]);
    expect(roster.all).toMatchObject([{ id: "m", roles: ["response", "reasoning"] }]);
  });
});

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
  let leave = (): void => {};
  let fail = (_: Error): void => {};
  const left = new Promise<void>((resolve, reject) => ([leave, fail] = [resolve, reject]));
  const onGone = ({ id }: RegisteredModel): Promise<void> => {
    gone.push(id);
    return left;
  };
  return { roster: new ModelRoster(models, onGone), gone, leave, fail };
}
const ids = (models: readonly RegisteredModel[]) => models.map(({ id }) => id);

describe("the models that answer", () => {
  it("are exchanged at once for whoever begins then, and stay known for whoever began before", async () => {
    const { roster, gone, leave } = rosterOf(model("old"), model("thinker", ["reasoning"]));
    const { all } = roster;
    const turn = roster.use();
    roster.replace([model("new"), model("thinker", ["reasoning"])]);
    expect(ids(roster.active)).toEqual(["new", "thinker"]);
    expect(ids(turn.models)).toEqual(["old", "thinker"]);
    expect(ids(all)).toEqual(["new", "thinker", "old"]);
    expect(gone).toEqual([]);
    turn.release();
    turn.release();
    expect(gone).toEqual(["old"]);
    leave();
    await expect.poll(() => ids(all)).toEqual(["new", "thinker"]);
  });

  it("knows a model by its id until it has left, however that ends", async () => {
    const { roster, gone, fail } = rosterOf(model("old"));
    roster.replace([model("new")]);
    expect(gone).toEqual(["old"]);
    expect(ids(roster.all)).toEqual(["new", "old"]);
    fail(new Error("it would not go"));
    await expect.poll(() => ids(roster.all)).toEqual(["new"]);
  });

  it("lists a model once that is chosen again while it leaves, and keeps it when it has", async () => {
    const { roster, gone, leave } = rosterOf(model("a"));
    roster.replace([model("b")]);
    roster.replace([model("a")]);
    expect(gone).toEqual(["a", "b"]);
    expect(ids(roster.all)).toEqual(["a", "b"]);
    leave();
    await expect.poll(() => ids(roster.all)).toEqual(["a"]);
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

  it("keeps a model that comes back meanwhile", async () => {
    const { roster, gone, leave } = rosterOf(model("a"));
    const turn = roster.use();
    roster.replace([model("b")]);
    roster.replace([model("a")]);
    turn.release();
    expect(gone).toEqual(["b"]);
    leave();
    await expect.poll(() => ids(roster.all)).toEqual(["a"]);
  });

  it("knows a model that is tried before it answers, and forgets it when that fails", async () => {
    const { roster, gone, leave } = rosterOf(model("old"));
    const trial = roster.try([model("new")]);
    expect(ids(roster.all)).toEqual(["old", "new"]);
    expect(ids(roster.active)).toEqual(["old"]);
    trial.release();
    expect(gone).toEqual(["new"]);
    leave();
    await expect.poll(() => ids(roster.all)).toEqual(["old"]);
  });

  it("takes the roles of the exchange where a model has others than before", () => {
    const { roster } = rosterOf(model("m"));
    roster.replace([model("m", ["response", "reasoning"])]);
    expect(roster.all).toMatchObject([{ id: "m", roles: ["response", "reasoning"] }]);
  });
});

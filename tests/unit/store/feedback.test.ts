import { describe, expect, it } from "vitest";
import { everything, MINE, question, testStores } from "./conversations-stores";

describe("feedback", () => {
  it("is given, changed and taken back", async () => {
    const stores = testStores();
    const { feedback, clock } = stores;
    const { conversation, assistantMessage: message, userMessage } = await question(stores);
    expect(await feedback.list(MINE, conversation)).toEqual([]);
    const liked = await feedback.set(MINE, conversation, message, { rating: "like", comment: "Clear" });
    expect(liked).toEqual({ message, rating: "like", comment: "Clear", updatedAt: clock.now });
    clock.now += 1;
    const disliked = await feedback.set(MINE, conversation, message, { rating: "dislike" });
    expect(disliked).toEqual({ message, rating: "dislike", comment: "", updatedAt: clock.now });
    const other = await feedback.set(MINE, conversation, userMessage, { rating: "like" });
    expect(await feedback.list(MINE, conversation)).toEqual([other, disliked]);
    expect(await feedback.remove(MINE, conversation, message)).toBe(true);
    expect(await feedback.remove(MINE, conversation, message)).toBe(false);
    expect(await feedback.list(MINE, conversation)).toEqual([other]);
  });

  it.each<[string, string, object]>([
    ["a rating nobody gives", "invalid_request", { rating: "love" }],
    ["no rating", "invalid_request", {}],
    ["a comment that is no text", "invalid_request", { rating: "like", comment: 7 }],
    ["a long comment", "request_too_large", { rating: "like", comment: "x".repeat(101) }],
  ])("with %s is refused (%s), and the one before stays", async (_, code, given) => {
    const stores = testStores();
    const { conversation, assistantMessage } = await question(stores);
    await stores.feedback.set(MINE, conversation, assistantMessage, { rating: "like" });
    const before = everything(stores);
    const refused = stores.feedback.set(MINE, conversation, assistantMessage, given as never);
    await expect(refused).rejects.toMatchObject({ code });
    expect(everything(stores)).toEqual(before);
  });
});

import { describe, expect, it } from "vitest";
import { asked, boardSearch, freshId, withCard, withMoved, withoutCard, withWidth } from "./draft";
import type { BoardInput, Card } from "./types";

const card = (id: string, width = 1): Card => ({ id, kind: "figure", width, figure: "revenue" });
const board = (...cards: Card[]): BoardInput => ({ name: "周一", sharing: "private", cards });
const ids = (draft: BoardInput) => draft.cards?.map((one) => one.id);

describe("a board that is being made", () => {
  const three = board(card("a"), card("b"), card("c"));

  it.each([
    ["c", 0, ["c", "a", "b"]],
    ["a", 1, ["b", "a", "c"]],
    ["a", 9, ["b", "c", "a"]],
    ["b", -1, ["b", "a", "c"]],
    ["nobody", 0, ["a", "b", "c"]],
  ] as const)("moves %s to %i", (id, to, order) => {
    expect(ids(withMoved(three, id, to))).toEqual(order);
  });

  it("keeps widths within the board", () => {
    expect(withWidth(three, "a", 4).cards?.[0]?.width).toBe(4);
    expect(withWidth(three, "a", 5)).toBe(three);
    expect(withWidth(three, "a", 0)).toBe(three);
  });

  it("replaces a card in its place and adds others at the end", () => {
    expect(ids(withCard(three, card("d")))).toEqual(["a", "b", "c", "d"]);
    expect(withCard(three, card("b", 3)).cards?.[1]?.width).toBe(3);
    expect(ids(withoutCard(three, "b"))).toEqual(["a", "c"]);
  });

  it("never gives an id twice", () => {
    const draft = board(card("card-1"), card("card-3"));
    expect(freshId(draft)).toBe("card-4");
    expect(freshId(board(card("card-2")))).toBe("card-3");
  });

  it("asks nothing new when cards move or become wider", () => {
    const moved = withWidth(withMoved(three, "c", 0), "a", 3);
    expect(asked(moved)).toEqual(asked(three));
    expect(asked(withoutCard(three, "a"))).not.toEqual(asked(three));
  });

  it("reads its address with care", () => {
    expect(boardSearch({ board: 7, preset: "someday" })).toEqual({ board: undefined, preset: undefined });
    expect(boardSearch({ board: "x", preset: "last_month" })).toEqual({ board: "x", preset: "last_month" });
  });
});

/** Changes to a board that is being made, each giving a new one: what dragging, keys and menus do. */

import { PRESETS } from "../pivots/state";
import { type Board, type BoardInput, type BoardSearch, type Card, COLUMNS, MOST_CARDS } from "./types";

/** For `validateSearch`. */
export const boardSearch = (search: Record<string, unknown>): BoardSearch => ({
  board: typeof search.board === "string" ? search.board : undefined,
  preset: PRESETS.find((one) => one === search.preset),
});

export const draftOf = (board: Board): BoardInput => ({
  name: board.name,
  sharing: board.sharing,
  period: board.period,
  cards: board.cards,
});

export const cardsOf = (board: BoardInput): Card[] => board.cards ?? [];

/** What a board asks, without how it looks. */
export const asked = (draft: BoardInput) => ({
  period: draft.period,
  cards: cardsOf(draft)
    .map(({ width: _width, title: _title, chart: _chart, ...card }) => card)
    .toSorted((a, b) => a.id.localeCompare(b.id)),
});

/** An id no card of the board has. */
export function freshId(draft: BoardInput): string {
  const known = new Set(cardsOf(draft).map((card) => card.id));
  let at = known.size + 1;
  while (known.has(`card-${at}`)) at += 1;
  return `card-${at}`;
}

export const hasRoom = (draft: BoardInput) => cardsOf(draft).length < MOST_CARDS;

/** Puts a card in the place of the one with its id, or at the end. */
export function withCard(draft: BoardInput, card: Card): BoardInput {
  const at = cardsOf(draft).findIndex((one) => one.id === card.id);
  const cards = at < 0 ? [...cardsOf(draft), card] : cardsOf(draft).with(at, card);
  return { ...draft, cards };
}

export const withoutCard = (draft: BoardInput, id: string): BoardInput => ({
  ...draft,
  cards: cardsOf(draft).filter((card) => card.id !== id),
});

/** Moves a card to a place; the others close up. */
export function withMoved(draft: BoardInput, id: string, to: number): BoardInput {
  const cards = cardsOf(draft);
  const from = cards.findIndex((card) => card.id === id);
  const card = cards[from];
  const place = Math.min(Math.max(to, 0), cards.length - 1);
  if (!card || place === from) return draft;
  return { ...draft, cards: cards.toSpliced(from, 1).toSpliced(place, 0, card) };
}

export function withWidth(draft: BoardInput, id: string, width: number): BoardInput {
  const card = cardsOf(draft).find((one) => one.id === id);
  if (!card || width < 1 || width > COLUMNS) return draft;
  return withCard(draft, { ...card, width });
}

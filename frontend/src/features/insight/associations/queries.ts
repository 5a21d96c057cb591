/** What goes together, and what a customer may want of it. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Schema } from "@/api";

export type Association = Schema<"AssociationView">;
export type Recommendation = Schema<"RecommendationView">;

/** What the page keeps in its address. The name stands for the id it was chosen with. */
export interface AssociationSearch {
  product?: string;
  name?: string;
  count?: number;
  confidence?: number;
  lift?: number;
}

const atLeast = (value: unknown, most: number) =>
  typeof value === "number" && value >= 0 && value <= most ? value : undefined;

export const associationSearch = (search: Record<string, unknown>): AssociationSearch => ({
  product: typeof search.product === "string" ? search.product : undefined,
  name: typeof search.name === "string" ? search.name : undefined,
  count: atLeast(search.count, 1e9),
  confidence: atLeast(search.confidence, 1),
  lift: atLeast(search.lift, 1e6),
});

export const associationsQuery = ({ name: _name, ...query }: AssociationSearch) =>
  queryOptions({
    queryKey: keys.part("insight", "associations", "", query),
    queryFn: ({ signal }) => ok(api.GET("/insight/associations", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** Reasons come in the reader's language, so the language is part of the key. */
export const recommendationsQuery = (id: string, language: string) =>
  queryOptions({
    queryKey: keys.part("customers", id, "recommendations", language),
    queryFn: ({ signal }) =>
      ok(api.GET("/customers/{id}/recommendations", { params: { path: { id } }, signal })),
    staleTime: 5 * 60_000,
  });

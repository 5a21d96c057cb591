import { queryOptions } from "@tanstack/react-query";
import { api, type Condition, ifMatch, keys, type ListParams, type Once, ok, type Versioned } from "@/api";
import type { QuoteBody, QuotePatch, QuoteStatus } from "../types";

export const QUOTES = "quotes";

export const fetchQuotes = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/quotes", { params: { query }, signal }));

export const readQuote = (id: string) => ok(api.GET("/quotes/{id}", { params: { path: { id } } }));

export const quoteQuery = (id: string) =>
  queryOptions({ queryKey: keys.one(QUOTES, id), queryFn: () => readQuote(id) });

/** Whose, or of what: the quotes of a customer or of an opportunity. */
export interface QuotesOf {
  field: "customer" | "opportunity";
  id: string;
}

export const quotesFilter = ({ field, id }: QuotesOf): Condition => ({ field, op: "eq", value: id });

/** The latest few. */
export const quotesOfQuery = (of: QuotesOf) =>
  queryOptions({
    queryKey: keys.list(QUOTES, { [of.field]: of.id }),
    queryFn: ({ signal }) =>
      fetchQuotes({ filter: JSON.stringify(quotesFilter(of)), sort: "-created_at", limit: 5 }, signal),
  });

export const createQuote = (body: QuoteBody, header: Once) =>
  ok(api.POST("/quotes", { params: { header }, body }));

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const patchQuote = (row: Versioned, body: QuotePatch) =>
  ok(api.PATCH("/quotes/{id}", { params: changing(row), body }));

export const deleteQuote = (row: Versioned) => ok(api.DELETE("/quotes/{id}", { params: changing(row) }));

export const moveQuote = (id: string, status: QuoteStatus) =>
  ok(api.POST("/quotes/{id}/status", { params: { path: { id } }, body: { status } }));

export const reviseQuote = (id: string) =>
  ok(api.POST("/quotes/{id}/revision", { params: { path: { id } } }));

export const orderQuote = (id: string) => ok(api.POST("/quotes/{id}/order", { params: { path: { id } } }));

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok } from "@/api";
import { asked } from "./draft";
import type { Board, BoardInput, Preset } from "./types";

export const boardsQuery = (language: string) =>
  queryOptions({
    queryKey: keys.list("dashboards", { language }),
    queryFn: ({ signal }) => ok(api.GET("/dashboards", { signal })),
    staleTime: 60_000,
  });

/** Everything a board says; its version is part of the key, so that a change of the board asks anew. */
export const answerQuery = (board: Board, preset: Preset | undefined, language: string) =>
  queryOptions({
    queryKey: keys.part("dashboards", board.id, "answer", { preset, language, version: board.version }),
    queryFn: ({ signal }) =>
      ok(
        api.GET("/dashboards/{id}/answer", {
          params: { path: { id: board.id }, query: { preset } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** The same of a board that is being made. Moving a card or making it wider asks nothing new. */
export const draftQuery = (draft: BoardInput, language: string) =>
  queryOptions({
    queryKey: keys.part("dashboards", "draft", "answer", { asked: asked(draft), language }),
    queryFn: ({ signal }) => ok(api.POST("/dashboards/answers", { body: draft, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const createBoard = (body: BoardInput) => ok(api.POST("/dashboards", { body }));

export const changeBoard = (board: Pick<Board, "id" | "version">, body: Partial<BoardInput>) =>
  ok(
    api.PATCH("/dashboards/{id}", {
      params: { path: { id: board.id }, header: ifMatch(board.version) },
      body,
    }),
  );

export const copyBoard = (id: string, name: string) =>
  ok(api.POST("/dashboards/{id}/copies", { params: { path: { id } }, body: { name } }));

export const deleteBoard = (board: Board) =>
  ok(
    api.DELETE("/dashboards/{id}", {
      params: { path: { id: board.id }, header: ifMatch(board.version) },
    }),
  );

export const readBoard = (id: string) => ok(api.GET("/dashboards/{id}", { params: { path: { id } } }));

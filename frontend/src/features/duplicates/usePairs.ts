/** The queue as one works through it: what comes next, what was done, and how to take the last step back. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem, keys } from "@/api";
import { toast } from "@/shared/ui";
import { dismiss, duplicatesQuery, merge, reopen, undoMerge } from "./queries";
import type { Choices, Duplicate, DuplicateSearch } from "./types";

/** What was done last, and can be taken back. */
type Done = { pair: Duplicate } & ({ kind: "dismissed" } | { kind: "merged"; merge: string; gone: string });

export function usePairs(search: DuplicateSearch) {
  const { t } = useTranslation("duplicates");
  const client = useQueryClient();
  const query = useInfiniteQuery(duplicatesQuery(search));
  const [done, setDone] = useState<Done[]>([]);
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const settled = (pair: Duplicate) =>
    done.some(
      (one) =>
        one.pair.id === pair.id ||
        (one.kind === "merged" && pair.customers.some((customer) => customer.id === one.gone)),
    );
  const pairs = (query.data?.pages ?? []).flatMap((page) => page.items).filter((pair) => !settled(pair));
  const place = Math.min(at, Math.max(pairs.length - 1, 0));
  const pair = pairs[place];

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const running = pairs.length - place < 5;
  useEffect(() => {
    if (running && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [running, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const refresh = useCallback(() => {
    void client.invalidateQueries({ queryKey: keys.of("duplicates") });
    void client.invalidateQueries({ queryKey: keys.of("customers") });
  }, [client]);

  const attempt = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    try {
      await work();
    } catch (problem) {
      toast.problem(problem);
      // Someone else was faster: what stands now is shown.
      if (isProblem(problem) && [404, 409, 410, 412, 422].includes(problem.status)) refresh();
    } finally {
      setBusy(false);
    }
  };

  const undo = () =>
    attempt(async () => {
      const last = done.at(-1);
      if (!last) return;
      if (last.kind === "merged") await undoMerge(last.merge);
      else await reopen(last.pair.id);
      setDone((list) => list.slice(0, -1));
      setAt(
        Math.max(
          pairs.findIndex((one) => one.score <= last.pair.score),
          0,
        ),
      );
      refresh();
      toast.done(t("undone"));
    });

  return {
    query,
    pair,
    pairs,
    place,
    busy,
    handled: done.length,
    left: Math.max(query.data?.pages[0]?.total ?? 0, pairs.length),
    more: query.data?.pages[0]?.total_capped ?? false,
    mayUndo: done.length > 0,
    go: (by: number) => setAt(Math.min(Math.max(place + by, 0), Math.max(pairs.length - 1, 0))),
    undo,
    dismiss: () =>
      attempt(async () => {
        if (!pair) return;
        await dismiss(pair.id);
        setDone((list) => [...list, { kind: "dismissed", pair }]);
        refresh();
      }),
    merge: (kept: 0 | 1, choices: Choices) =>
      attempt(async () => {
        if (!pair?.mergeable) return;
        const made = await merge(pair, kept, choices);
        setDone((list) => [...list, { kind: "merged", pair, merge: made.id, gone: made.gone.id }]);
        refresh();
        toast.done(t("merged", { gone: made.gone.name, kept: made.kept.name }));
      }),
  };
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { Button, Dialog, Group, Select, Stack, Text, TextInput, toast, Waiting } from "@/shared/ui";
import { sameJson } from "@/shared/views";
import { draftOf, freshId, hasRoom, withCard } from "../dashboards/draft";
import { boardsQuery, changeBoard, createBoard } from "../dashboards/queries";
import type { Board, Card } from "../dashboards/types";
import type { ChartKind, Query } from "./types";

interface Props {
  query: Query;
  chart: ChartKind | undefined;
  view: string | undefined;
  onClose: () => void;
}

const NEW = "new";

/** Puts the pivot that is shown on a board of one's own, or on a new one. */
export default function PutOnBoard({ query, chart, view, onClose }: Props) {
  const { t } = useTranslation(["pivots", "dashboards"]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const boards = useQuery(boardsQuery(currentLanguage()));
  const saved = useSavedPivot(view);
  const own = boards.data?.items.filter((one) => one.own) ?? [];
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState("");
  const [title, setTitle] = useState<string>();
  const target = chosen ?? own.find((one) => hasRoom(draftOf(one)))?.id ?? NEW;
  const board = own.find((one) => one.id === target);
  const full = board !== undefined && !hasRoom(draftOf(board));
  const card = (id: string, shown: Board | undefined): Card => {
    // Under its name it goes on with what is saved there; on a board that others see it stands on the card itself, for
    // they may not open what is saved.
    const named =
      saved && sameJson(saved.definition.query, query) && (shown?.sharing ?? "private") === "private";
    const called = (title ?? saved?.name ?? "").trim();
    return {
      id,
      kind: "pivot",
      width: 2,
      chart: chart ?? "table",
      title: called || undefined,
      ...(named ? { view_id: saved.id } : { query }),
    };
  };
  const put = useMutation({
    mutationFn: () => {
      if (!board)
        return createBoard({ name: name.trim(), sharing: "private", cards: [card("card-1", undefined)] });
      const draft = draftOf(board);
      return changeBoard(board, { cards: withCard(draft, card(freshId(draft), board)).cards });
    },
    onSuccess: (kept) => {
      void client.invalidateQueries({ queryKey: keys.of("dashboards") });
      toast.action(t("board.done", { name: kept.name }), t("board.open"), () => {
        void navigate({ to: "/insight/dashboards", search: { board: kept.id } });
      });
      onClose();
    },
    onError: toast.problem,
  });
  const whole = boards.data && !full && (board !== undefined || name.trim() !== "");
  return (
    <Dialog opened onClose={onClose} title={t("board.title")} size="sm">
      <Waiting query={boards} rows={3} />
      {boards.data && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (whole && !put.isPending) put.mutate();
          }}
        >
          <Stack gap="sm">
            <Select
              label={t("board.on")}
              allowDeselect={false}
              data={[
                ...own.map((one) => ({ value: one.id, label: one.name })),
                { value: NEW, label: t("dashboards:new") },
              ]}
              value={target}
              error={full ? t("board.full") : undefined}
              onChange={(id) => setChosen(id ?? undefined)}
            />
            {!board && (
              <TextInput
                label={t("dashboards:name")}
                required
                maxLength={80}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
            <TextInput
              label={t("dashboards:card.title")}
              description={t("dashboards:card.title_hint")}
              maxLength={80}
              value={title ?? saved?.name ?? ""}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <Text size="sm" c="dimmed">
              {t("board.hint")}
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t("common:action.cancel")}
              </Button>
              <Button type="submit" loading={put.isPending} disabled={!whole}>
                {t("board.put")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}

/** What is kept under the name that is shown. */
function useSavedPivot(view: string | undefined) {
  const views = useQuery({
    queryKey: keys.list("views", "pivots"),
    queryFn: ({ signal }) => {
      const filter = JSON.stringify({ field: "resource", op: "eq", value: "pivots" });
      return ok(api.GET("/views", { params: { query: { filter, limit: 200 } }, signal }));
    },
    staleTime: 60_000,
    enabled: view !== undefined,
  });
  return views.data?.items.find((one) => one.id === view);
}

import { IconChevronDown, IconCopy, IconDots, IconPencil, IconPlus, IconSettings } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import {
  Button,
  ConfirmDelete,
  EmptyState,
  IconButton,
  Menu,
  Page,
  PageHeader,
  Select,
  Text,
  toast,
  Waiting,
} from "@/shared/ui";
import { PRESETS } from "../pivots/state";
import { BoardGrid } from "./BoardGrid";
import { answerQuery, boardsQuery, deleteBoard } from "./queries";
import type { Board, BoardSearch } from "./types";

const Workbench = lazy(() => import("./Workbench"));
const BoardDialog = lazy(() => import("./BoardDialog"));

type Asking = "new" | "copy" | "settings" | "delete";

/** Boards of figures, pivots and lists. Without making anything one sees the one that comes with the program. */
export function DashboardsPage() {
  const { t } = useTranslation("dashboards");
  const boards = useQuery(boardsQuery(currentLanguage()));
  const search = useSearch({ from: "/_app/insight_/dashboards" });
  const list = boards.data?.items ?? [];
  const board = search.board ? list.find((one) => one.id === search.board) : list[0];
  if (board) return <Shown key={board.id} board={board} boards={list} search={search} />;
  return (
    <Page>
      <PageHeader title={t("title")} />
      <Waiting query={boards} rows={12} />
      {boards.data && <EmptyState title={t("gone")}>{t("gone_hint")}</EmptyState>}
    </Page>
  );
}

interface ShownProps {
  board: Board;
  boards: Board[];
  search: BoardSearch;
}

function Shown({ board, boards, search }: ShownProps) {
  const { t } = useTranslation(["dashboards", "pivots"]);
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState<Asking>();
  const go = (next: BoardSearch) => void navigate({ to: "/insight/dashboards", search: next, replace: true });
  const kept = async (one: Board, edit: boolean) => {
    await client.invalidateQueries({ queryKey: keys.list("dashboards").slice(0, 2) });
    setAsking(undefined);
    if (one.id !== board.id) go({ board: one.id });
    else if (edit) setEditing(true);
  };
  if (editing) {
    return (
      <Suspense fallback={<Page>{null}</Page>}>
        <Workbench board={board} onClose={() => setEditing(false)} />
      </Suspense>
    );
  }
  return (
    <Page>
      <PageHeader
        eyebrow={t("title")}
        title={board.name}
        description={<About board={board} />}
        actions={
          <>
            <BoardMenu
              boards={boards}
              board={board}
              onPick={(id) => go({ board: id })}
              onNew={() => setAsking("new")}
            />
            <Select
              aria-label={t("period")}
              w={170}
              value={search.preset ?? ""}
              allowDeselect={false}
              data={[
                { value: "", label: t("period_own") },
                ...PRESETS.map((value) => ({ value, label: t(`pivots:period.${value}`) })),
              ]}
              onChange={(value) => go({ ...search, preset: PRESETS.find((one) => one === value) })}
            />
            {board.own ? (
              <Button leftSection={<IconPencil size={16} stroke={1.6} />} onClick={() => setEditing(true)}>
                {t("common:action.edit")}
              </Button>
            ) : (
              <Button
                variant="default"
                leftSection={<IconCopy size={16} stroke={1.6} />}
                onClick={() => setAsking("copy")}
              >
                {t("copy")}
              </Button>
            )}
            {board.own && (
              <Menu
                position="bottom-end"
                target={
                  <IconButton label={t("common:action.more")} size="lg" variant="default">
                    <IconDots size={18} stroke={1.6} />
                  </IconButton>
                }
              >
                {({ Item, Divider }) => (
                  <>
                    <Item leftSection={<IconSettings size={16} />} onClick={() => setAsking("settings")}>
                      {t("settings")}
                    </Item>
                    <Item leftSection={<IconCopy size={16} />} onClick={() => setAsking("copy")}>
                      {t("copy")}
                    </Item>
                    <Divider />
                    <Item color="red" onClick={() => setAsking("delete")}>
                      {t("common:action.delete")}
                    </Item>
                  </>
                )}
              </Menu>
            )}
          </>
        }
      />
      <Answered board={board} search={search} onEdit={board.own ? () => setEditing(true) : undefined} f={f} />
      <Suspense>
        {asking && asking !== "delete" && (
          <BoardDialog
            purpose={asking}
            board={board}
            onClose={() => setAsking(undefined)}
            onKept={(one) => void kept(one, false)}
          />
        )}
      </Suspense>
      {asking === "delete" && (
        <ConfirmDelete
          opened
          title={t("delete_title", { name: board.name })}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await deleteBoard(board);
            toast.done(t("deleted", { name: board.name }));
            go({});
            await client.invalidateQueries({ queryKey: keys.of("dashboards") });
          }}
        >
          {t("delete_body")}
        </ConfirmDelete>
      )}
    </Page>
  );
}

/** Whose it is and who sees it. */
function About({ board }: { board: Board }) {
  const { t } = useTranslation("dashboards");
  if (board.built_in) return <>{t("built_in")}</>;
  const sharing = t(`sharing.${board.sharing ?? "private"}`);
  return <>{board.own ? sharing : `${board.owner?.name ?? ""} · ${sharing}`}</>;
}

interface BoardMenuProps {
  boards: Board[];
  board: Board;
  onPick: (id: string) => void;
  onNew: () => void;
}

function BoardMenu({ boards, board, onPick, onNew }: BoardMenuProps) {
  const { t } = useTranslation("dashboards");
  return (
    <Menu
      position="bottom-end"
      width={260}
      target={
        <Button variant="default" rightSection={<IconChevronDown size={15} stroke={1.6} />}>
          {t("boards")}
        </Button>
      }
    >
      {({ Item, Divider }) => (
        <>
          {boards.map((one) => (
            <Item
              key={one.id}
              fw={one.id === board.id ? 600 : undefined}
              rightSection={
                one.own || one.built_in ? undefined : <span className="dim">{one.owner?.name}</span>
              }
              onClick={() => onPick(one.id)}
            >
              {one.name}
            </Item>
          ))}
          <Divider />
          <Item leftSection={<IconPlus size={15} />} onClick={onNew}>
            {t("new")}
          </Item>
        </>
      )}
    </Menu>
  );
}

interface AnsweredProps {
  board: Board;
  search: BoardSearch;
  onEdit?: () => void;
  f: ReturnType<typeof useFormat>;
}

function Answered({ board, search, onEdit, f }: AnsweredProps) {
  const { t } = useTranslation("dashboards");
  const answer = useQuery(answerQuery(board, search.preset, currentLanguage()));
  if (board.cards?.length === 0) {
    return (
      <EmptyState title={t("empty")} actions={onEdit && <Button onClick={onEdit}>{t("card_add")}</Button>}>
        {t("empty_hint")}
      </EmptyState>
    );
  }
  return (
    <>
      <Waiting query={answer} rows={12} />
      {answer.data && !answer.isError && (
        <>
          <BoardGrid cards={board.cards ?? []} answer={answer.data} busy={answer.isPlaceholderData} />
          <Text size="xs" c="dimmed">
            {answer.data.period
              ? t("as_of_period", {
                  at: f.dateTime(answer.data.as_of),
                  from: f.date(answer.data.period.from),
                  to: f.date(answer.data.period.to),
                })
              : t("as_of", { at: f.dateTime(answer.data.as_of) })}
          </Text>
        </>
      )}
    </>
  );
}

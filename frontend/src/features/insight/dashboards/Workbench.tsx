import {
  IconArrowAutofitWidth,
  IconArrowsMinimize,
  IconGripVertical,
  IconPencil,
  IconPlus,
  IconX,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type DragEvent, type KeyboardEvent, lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { currentLanguage } from "@/app/i18n";
import {
  Button,
  EmptyState,
  ErrorState,
  Group,
  IconButton,
  Page,
  PageHeader,
  toast,
  VisuallyHidden,
} from "@/shared/ui";
import { BoardGrid } from "./BoardGrid";
import { useCardName } from "./CardTitle";
import classes from "./Dashboards.module.css";
import { cardsOf, draftOf, freshId, hasRoom, withCard, withMoved, withoutCard, withWidth } from "./draft";
import { answerQuery, changeBoard, draftQuery } from "./queries";
import { type Board, type Card, COLUMNS } from "./types";

const CardDialog = lazy(() => import("./CardDialog"));

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** A board while it is made: cards are added, moved by dragging or with the arrow keys, made wider, removed; then kept. */
export default function Workbench({ board, onClose }: { board: Board; onClose: () => void }) {
  const { t } = useTranslation("dashboards");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => draftOf(board));
  const [asking, setAsking] = useState<Card | "new">();
  const [told, setTold] = useState("");
  const cards = cardsOf(draft);
  const answer = useQuery({ ...draftQuery(draft, currentLanguage()), enabled: cards.length > 0 });
  const nameOf = useCardName();
  const moving = useMoving(draft, (id, to) => {
    const next = withMoved(draft, id, to);
    if (next === draft) return;
    setDraft(next);
    const at = cardsOf(next).findIndex((card) => card.id === id);
    const card = cardsOf(next)[at];
    const said = answer.data?.cards.find((one) => one.id === id);
    if (card) setTold(t("moved", { name: nameOf(card, said), at: at + 1, count: cards.length }));
  });
  const save = useMutation({
    mutationFn: () => changeBoard(board, draft),
    onSuccess: async (kept) => {
      await client.invalidateQueries({ queryKey: keys.of("dashboards") });
      // What the board says was just read: no need to look at an empty page until it is read once more.
      if (answer.data && !answer.isPlaceholderData) {
        client.setQueryData(answerQuery(kept, undefined, currentLanguage()).queryKey, answer.data);
      }
      toast.done(t("common:state.saved"));
      void navigate({ to: "/insight/dashboards", search: { board: kept.id }, replace: true });
      onClose();
    },
  });
  return (
    <Page>
      <PageHeader
        eyebrow={t("editing")}
        title={board.name}
        description={t("editing_hint")}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} stroke={1.6} />}
              disabled={!hasRoom(draft)}
              onClick={() => setAsking("new")}
            >
              {t("card_add")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate()}>
              {t("common:action.save")}
            </Button>
          </>
        }
      />
      {save.isError && <ErrorState error={save.error} onRetry={() => save.mutate()} />}
      {answer.isError && <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />}
      {cards.length === 0 && <EmptyState title={t("empty")}>{t("empty_hint")}</EmptyState>}
      <BoardGrid
        cards={cards}
        answer={answer.data}
        busy={false}
        frame={moving.frame}
        tools={(card) => {
          const said = answer.data?.cards.find((one) => one.id === card.id);
          const name = nameOf(card, said);
          return (
            <Group gap={2} role="group" aria-label={t("tools", { name })}>
              <IconButton label={t("move", { name })} className={classes.handle} {...moving.handle(card)}>
                <IconGripVertical size={17} stroke={1.6} />
              </IconButton>
              <IconButton
                label={t("narrower", { name })}
                disabled={card.width <= 1}
                onClick={() => setDraft(withWidth(draft, card.id, card.width - 1))}
              >
                <IconArrowsMinimize size={17} stroke={1.6} />
              </IconButton>
              <IconButton
                label={t("wider", { name })}
                disabled={card.width >= COLUMNS}
                onClick={() => setDraft(withWidth(draft, card.id, card.width + 1))}
              >
                <IconArrowAutofitWidth size={17} stroke={1.6} />
              </IconButton>
              <IconButton label={t("change", { name })} onClick={() => setAsking(card)}>
                <IconPencil size={17} stroke={1.6} />
              </IconButton>
              <IconButton
                label={t("remove", { name })}
                onClick={() => {
                  setDraft(withoutCard(draft, card.id));
                  setTold(t("removed", { name }));
                }}
              >
                <IconX size={17} stroke={1.6} />
              </IconButton>
            </Group>
          );
        }}
      />
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      <Suspense>
        {asking && (
          <CardDialog
            card={asking === "new" ? undefined : asking}
            id={asking === "new" ? freshId(draft) : asking.id}
            onClose={() => setAsking(undefined)}
            onKept={(card) => {
              setDraft(withCard(draft, card));
              setAsking(undefined);
            }}
          />
        )}
      </Suspense>
    </Page>
  );
}

/** Dragging a card by its handle onto another, and the arrow keys on the handle, which keeps the focus. */
function useMoving(draft: ReturnType<typeof draftOf>, move: (id: string, to: number) => void) {
  const [lifted, setLifted] = useState<string>();
  const [over, setOver] = useState<string>();
  const handles = useRef(new Map<string, HTMLButtonElement>());
  const end = () => {
    setLifted(undefined);
    setOver(undefined);
  };
  const placeOf = (id: string) => cardsOf(draft).findIndex((card) => card.id === id);
  return {
    frame: (card: Card, at: number) => ({
      "data-over": (over === card.id && lifted !== card.id) || undefined,
      "data-lifted": lifted === card.id || undefined,
      onDragOver: (event: DragEvent) => {
        if (!lifted) return;
        event.preventDefault();
        setOver(card.id);
      },
      onDrop: (event: DragEvent) => {
        if (!lifted) return;
        event.preventDefault();
        move(lifted, at);
        end();
      },
    }),
    handle: (card: Card) => ({
      ref: (element: HTMLButtonElement | null) => {
        if (element) handles.current.set(card.id, element);
        else handles.current.delete(card.id);
      },
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.effectAllowed = "move";
        // Firefox drags nothing without data.
        event.dataTransfer.setData("text/plain", "");
        setLifted(card.id);
      },
      onDragEnd: end,
      onKeyDown: (event: KeyboardEvent) => {
        const step = STEPS[event.key];
        if (!step || event.nativeEvent.isComposing) return;
        event.preventDefault();
        move(card.id, placeOf(card.id) + step);
        // The card stands elsewhere now; whoever moved it goes on with it.
        requestAnimationFrame(() => handles.current.get(card.id)?.focus());
      },
    }),
  };
}

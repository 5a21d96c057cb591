import { IconArrowsMoveHorizontal } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Condition, keys, paged } from "@/api";
import { ScoreMark } from "@/features/leadscoring";
import { useFormat } from "@/shared/format";
import { Button, IconButton, Menu, TextLink } from "@/shared/ui";
import classes from "./Board.module.css";
import { LeadMark, UntouchedMark } from "./marks";
import { fetchOpportunities, OPPORTUNITIES } from "./queries";
import type { Opportunity, Stage, StageTotal } from "./types";

/** Cards read at a time: a column of thousands stays light. */
const PAGE = 25;
/** What a dragged card is, while it is dragged. */
let dragged: Opportunity | undefined;

interface Props {
  stage: Stage;
  stages: Stage[];
  filter: Condition;
  total?: StageTotal;
  /** The card that is on its way. */
  busy?: string;
  /** Absent when nothing may be moved. */
  onMove?: (row: Opportunity, stage: Stage) => void;
}

export function BoardColumn({ stage, stages, filter, total, busy, onMove }: Props) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const [over, setOver] = useState(false);
  const here: Condition = { all: [filter, { field: "stage", op: "eq", value: stage.id }] };
  const cards = useInfiniteQuery({
    ...paged,
    queryKey: keys.list(OPPORTUNITIES, { board: here }),
    queryFn: ({ pageParam, signal }) =>
      fetchOpportunities(
        { filter: JSON.stringify(here), sort: "-amount", limit: PAGE, cursor: pageParam },
        signal,
      ),
  });
  const rows = cards.data?.pages.flatMap((page) => page.items) ?? [];
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (dragged && onMove) onMove(dragged, stage);
    dragged = undefined;
  };
  return (
    <section
      className={classes.column}
      data-over={over || undefined}
      aria-label={stage.name}
      onDragOver={(event) => {
        if (!onMove || !dragged) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      <div className={classes.head}>
        <h2 className={classes.name}>
          <span>{stage.name}</span>
          <span className="tabular">{f.number(total?.count ?? 0)}</span>
        </h2>
        <div className={classes.sums}>
          <span>{total ? f.short(total.amount) : "–"}</span>
          <span title={t("weighted_hint")}>
            {stage.probability}% · {total ? f.short(total.weighted) : "–"}
          </span>
        </div>
      </div>
      <ul className={classes.cards}>
        {rows.map((row) => (
          <Card
            key={row.id}
            row={row}
            stages={stages}
            busy={busy === row.id}
            onMove={onMove && ((to) => onMove(row, to))}
          />
        ))}
        {cards.isSuccess && rows.length === 0 && <li className={classes.nothing}>{t("column_empty")}</li>}
        {cards.hasNextPage && (
          <li>
            <Button
              size="compact-sm"
              variant="subtle"
              fullWidth
              loading={cards.isFetchingNextPage}
              aria-label={t("more_of", { stage: stage.name })}
              onClick={() => void cards.fetchNextPage()}
            >
              {t("more")}
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}

interface CardProps {
  row: Opportunity;
  stages: Stage[];
  busy: boolean;
  onMove?: (stage: Stage) => void;
}

function Card({ row, stages, busy, onMove }: CardProps) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!onMove || !event.altKey || by === 0) return;
    const to = stages[stages.findIndex((one) => one.id === row.stage.id) + by];
    event.preventDefault();
    if (to) onMove(to);
  };
  return (
    <li
      className={classes.card}
      draggable={onMove !== undefined}
      data-busy={busy || undefined}
      onDragStart={(event) => {
        dragged = row;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", row.name);
      }}
      onDragEnd={() => {
        dragged = undefined;
      }}
    >
      <div className={classes.words}>
        <TextLink
          to="/sales/$id"
          params={{ id: row.id }}
          fw={600}
          draggable={false}
          onKeyDown={step}
          aria-keyshortcuts={onMove ? "Alt+ArrowLeft Alt+ArrowRight" : undefined}
        >
          {row.name}
        </TextLink>{" "}
        <LeadMark of={row} /> <UntouchedMark of={row} /> {row.status === "open" && <ScoreMark of={row} />}
        <div className={classes.sub}>
          {row.customer?.name || row.lead_company || row.lead_person || t("nobody_yet")}
        </div>
        <div className={classes.amount}>{row.amount ? f.money(row.amount) : "–"}</div>
        <div className={classes.sub}>
          {[
            row.owner?.name,
            row.status === "open" && row.expected_close && t("closes", { day: f.date(row.expected_close) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
      {onMove && (
        <Menu
          position="bottom-end"
          target={
            <IconButton label={t("move_one", { name: row.name })} size="sm">
              <IconArrowsMoveHorizontal size={15} />
            </IconButton>
          }
        >
          {({ Item, Label }) => (
            <>
              <Label>{t("move_to")}</Label>
              {stages.map((one) => (
                <Item key={one.id} disabled={one.id === row.stage.id} onClick={() => onMove(one)}>
                  {one.name}
                </Item>
              ))}
            </>
          )}
        </Menu>
      )}
    </li>
  );
}

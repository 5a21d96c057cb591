import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Alert, Button, ErrorState, Group, ListSkeleton, Tabs, Text } from "@/shared/ui";
import { CountList } from "./CountList";
import classes from "./Imports.module.css";
import { actOn, rowsQuery } from "./queries";
import type { Import, RowOutcome } from "./types";

interface Props {
  row: Import;
  onBack: () => void;
  onRunning: () => void;
}

/** What the file would do, before it does it. */
export function CheckStep({ row, onBack, onRunning }: Props) {
  const { t } = useTranslation("imports");
  const { counts } = row;
  const run = useMutation({ mutationFn: () => actOn(row.id, "run"), onSuccess: onRunning });
  const writes = counts.create + counts.update;
  return (
    <>
      <Text>{t(writes > 0 ? "check_ready" : "check_nothing")}</Text>
      <CountList counts={counts} />
      {counts.reject > 0 && writes > 0 && (
        <Alert color="yellow" variant="light">
          {t("check_rejects", { count: counts.reject })}
        </Alert>
      )}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          {t("back_to_map")}
        </Button>
        <Button disabled={writes === 0} loading={run.isPending} onClick={() => run.mutate()}>
          {t("run", { count: writes })}
        </Button>
      </Group>
      <OutcomeTabs row={row} />
    </>
  );
}

const OUTCOMES = ["reject", "update", "create"] as const;

/** Rows by what becomes of them: the refused ones with reasons, the changed ones with before and after. */
export function OutcomeTabs({ row }: { row: Import }) {
  const { t } = useTranslation("imports");
  const f = useFormat();
  const present = OUTCOMES.filter((one) => row.counts[one] > 0);
  const [tab, setTab] = useState<string | null>(null);
  const current = present.find((one) => one === tab) ?? present[0];
  if (!current) return null;
  return (
    <Tabs value={current} onChange={setTab} keepMounted={false}>
      <Tabs.List>
        {present.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`outcome.${one}`)} · {f.number(row.counts[one])}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {present.map((one) => (
        <Tabs.Panel key={one} value={one} pt="xs">
          <Rows row={row} outcome={one} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Rows({ row, outcome }: { row: Import; outcome: (typeof OUTCOMES)[number] }) {
  const { t } = useTranslation("imports");
  const f = useFormat();
  const rows = useInfiniteQuery(rowsQuery(row.id, outcome, row.version));
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  if (rows.isPending) return <ListSkeleton rows={4} />;
  if (rows.isError) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  return (
    <>
      <SimpleTable
        label={t(`outcome.${outcome}`)}
        rows={items}
        rowKey={(one) => `${one.row}`}
        columns={[
          { id: "row", header: t("line"), width: 56, align: "right", cell: (one) => f.number(one.row) },
          { id: "key", header: t("record"), width: "22%", cell: (one) => one.key },
          {
            id: "what",
            header: t(outcome === "reject" ? "reasons" : "changes"),
            cell: (one) => (outcome === "reject" ? <Reasons row={one} /> : <Changes row={one} />),
          },
        ]}
      />
      {rows.hasNextPage && (
        <Group justify="center" mt="xs">
          <Button
            variant="subtle"
            loading={rows.isFetchingNextPage}
            onClick={() => void rows.fetchNextPage()}
          >
            {t("more_rows")}
          </Button>
        </Group>
      )}
    </>
  );
}

function Reasons({ row }: { row: RowOutcome }) {
  return row.errors.map((one) => (
    <div key={`${one.column ?? ""}${one.code}${one.detail}`} className={classes.error}>
      {one.column && <strong>{one.column}: </strong>}
      {one.detail}
    </div>
  ));
}

/** A value of a change as words: lists of phones, dates and so on are shortened to what tells them apart. */
function words(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(words).filter(Boolean).join("、");
  if (typeof value === "object") {
    const record = value as Record<string, unknown>;
    const telling = record.number ?? record.address ?? record.amount ?? record.name ?? record.date;
    return telling === undefined
      ? Object.values(record)
          .filter((one) => typeof one === "string")
          .join(" ")
      : words(telling);
  }
  return String(value);
}

function Changes({ row }: { row: RowOutcome }) {
  const { t } = useTranslation(["imports", "customers"]);
  return row.changes
    .filter((one) => words(one.before) !== words(one.after))
    .map((one) => (
      <span key={one.field} className={classes.change}>
        <span className={classes.field}>
          {t(`customers:field.${one.field}`, {
            defaultValue: t(`field.${one.field}`, { defaultValue: one.field }),
          })}
          :{" "}
        </span>
        {words(one.before) && <span className={classes.before}>{words(one.before)}</span>} {words(one.after)}
      </span>
    ));
}

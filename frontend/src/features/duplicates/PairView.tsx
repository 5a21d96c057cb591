import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/shortcuts";
import {
  BUYING_STYLES,
  type Customer,
  GENDERS,
  STATUSES,
  useDictionary,
  useWords,
} from "@/features/customers";
import { customFieldsQuery } from "@/features/platform";
import { useFormat } from "@/shared/format";
import { Badge, Button, Group, Kbd, Text, TextLink } from "@/shared/ui";
import classes from "./Duplicates.module.css";
import { choicesOf, type FieldRow, fieldRows, type Side, startingSide } from "./fields";
import { Reasons } from "./Reasons";
import type { Duplicate } from "./types";
import type { usePairs } from "./usePairs";

interface Props {
  pair: Duplicate;
  work: ReturnType<typeof usePairs>;
}

/** Two records side by side: what differs stands out, and each field's value is chosen where it stands. */
export function PairView({ pair, work }: Props) {
  const { t } = useTranslation("duplicates");
  const rows = useRows(pair);
  const [kept, setKept] = useState<0 | 1>(0);
  const [sides, setSides] = useState<Record<string, Side>>({});
  const open = rows.filter((row) => row.differs && !row.fixed);
  const [at, setAt] = useState(0);
  const current = open[Math.min(at, open.length - 1)];
  const choose = (row: FieldRow | undefined, side: Side) => {
    if (row && pair.mergeable && (side !== "both" || row.joins)) {
      setSides((all) => ({ ...all, [row.key]: side }));
    }
  };
  const move = (by: number) => setAt((now) => Math.min(Math.max(now + by, 0), Math.max(open.length - 1, 0)));
  const merge = () => void work.merge(kept, choicesOf(rows, sides, kept));
  /** Enter presses what has the focus, if that is a button of its own. */
  const enter = () => {
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && focused.matches("a,button") && !focused.dataset.side)
      focused.click();
    else merge();
  };
  useShortcuts(
    Object.fromEntries<() => void>([
      ["ArrowUp", () => move(-1)],
      ["ArrowDown", () => move(1)],
      ["ArrowLeft", () => choose(current, 0)],
      ["ArrowRight", () => choose(current, 1)],
      ["b", () => choose(current, "both")],
      ["x", () => setKept((now) => (now === 0 ? 1 : 0))],
      ["Enter", enter],
      ["n", () => void work.dismiss()],
      ["j", () => work.go(1)],
      ["k", () => work.go(-1)],
    ]),
  );
  const customers = pair.customers as [Customer, Customer];
  return (
    <section
      className={classes.pair}
      aria-label={t("pair", { one: customers[0].name, other: customers[1].name })}
    >
      <Reasons pair={pair} />
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              {t("field")}
            </th>
            {customers.map((customer, index) => (
              <th key={customer.id} scope="col" className={classes.side}>
                <SideHead
                  customer={customer}
                  kept={kept === index}
                  onKeep={pair.mergeable ? () => setKept(index === 0 ? 0 : 1) : undefined}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.key}
              row={row}
              side={sides[row.key] ?? startingSide(row, kept)}
              current={row === current}
              onChoose={
                pair.mergeable && row.differs && !row.fixed
                  ? (side) => {
                      choose(row, side);
                      setAt(open.indexOf(row));
                    }
                  : undefined
              }
            />
          ))}
        </tbody>
      </table>
      <Actions pair={pair} work={work} onMerge={merge} />
    </section>
  );
}

function useRows(pair: Duplicate): FieldRow[] {
  const { t } = useTranslation(["duplicates", "customers"]);
  const f = useFormat();
  const gender = useWords("gender", GENDERS);
  const status = useWords("status", STATUSES);
  const style = useWords("buying_style", BUYING_STYLES);
  const level = useDictionary("level");
  const source = useDictionary("source");
  const industry = useDictionary("industry");
  const custom = useQuery(customFieldsQuery("customer")).data;
  return useMemo(
    () =>
      fieldRows(pair.customers as [Customer, Customer], {
        t,
        f,
        words: { gender, status, style, level, source, industry },
        custom: (custom ?? []).filter((one) => one.active),
      }),
    [pair, t, f, gender, status, style, level, source, industry, custom],
  );
}

interface SideProps {
  customer: Customer;
  kept: boolean;
  onKeep?: () => void;
}

function SideHead({ customer, kept, onKeep }: SideProps) {
  const { t } = useTranslation("duplicates");
  const f = useFormat();
  return (
    <div className={classes.head}>
      <TextLink to="/customers/$id" params={{ id: customer.id }} fw={650} size="lg">
        {customer.name}
      </TextLink>
      <Text size="sm" c="dimmed">
        {t("since", { date: f.date(customer.created_at) })}
      </Text>
      {kept ? (
        <Badge tt="none" radius="sm" variant="filled">
          {t("stays")}
        </Badge>
      ) : (
        onKeep && (
          <Button size="compact-sm" variant="default" onClick={onKeep} aria-keyshortcuts="x">
            {t("keep")}
          </Button>
        )
      )}
    </div>
  );
}

interface RowProps {
  row: FieldRow;
  side: Side;
  current: boolean;
  onChoose?: (side: Side) => void;
}

function Row({ row, side, current, onChoose }: RowProps) {
  const { t } = useTranslation("duplicates");
  const taken = (index: number) => !row.differs || side === index || side === "both";
  return (
    <tr className={classes.row} data-differs={row.differs} data-current={current && Boolean(onChoose)}>
      <th scope="row" className={classes.label}>
        {row.label}
        {onChoose && row.joins && (
          <button
            type="button"
            className={classes.both}
            data-side="both"
            aria-pressed={side === "both"}
            onClick={() => onChoose("both")}
          >
            {t("both")}
          </button>
        )}
      </th>
      {row.lines.map((lines, index) => {
        const words = lines.length > 0 ? lines.map((line) => <span key={line}>{line}</span>) : <span>–</span>;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the two sides have no identity but their place
          <td key={index} className={classes.cell} data-taken={taken(index)}>
            {onChoose ? (
              <button
                type="button"
                className={classes.value}
                data-side={index}
                aria-pressed={taken(index)}
                onClick={() => onChoose(index === 0 ? 0 : 1)}
              >
                {words}
              </button>
            ) : (
              <div className={classes.value}>{words}</div>
            )}
          </td>
        );
      })}
    </tr>
  );
}

function Actions({ pair, work, onMerge }: Props & { onMerge: () => void }) {
  const { t } = useTranslation("duplicates");
  const key = (label: string) => (
    <Kbd size="xs" className={classes.key}>
      {label}
    </Kbd>
  );
  return (
    <Group gap="sm" className={classes.actions}>
      {pair.mergeable ? (
        <Button disabled={work.busy} onClick={onMerge} rightSection={key("Enter")}>
          {t("merge")}
        </Button>
      ) : (
        <Text size="sm">{t("not_mergeable")}</Text>
      )}
      <Button variant="default" disabled={work.busy} onClick={work.dismiss} rightSection={key("N")}>
        {t("dismiss")}
      </Button>
      <Button
        variant="subtle"
        disabled={work.place >= work.pairs.length - 1}
        onClick={() => work.go(1)}
        rightSection={key("J")}
      >
        {t("skip")}
      </Button>
    </Group>
  );
}

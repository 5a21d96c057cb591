import { IconChevronDown, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Menu } from "@/shared/ui";
import { drag } from "./drag";
import classes from "./Pivots.module.css";
import {
  axesOf,
  GRAINS,
  measuresFull,
  plusMeasure,
  SHOWN,
  withAxis,
  withAxisMoved,
  withField,
  withMeasure,
  withoutAxis,
  withoutMeasure,
} from "./state";
import type { Axis, Fact, Measure, Query, Side } from "./types";

interface Props {
  fact: Fact;
  query: Query;
  onQuery: (query: Query) => void;
}

/** Rows or columns: axes in order, each with a menu; fields and axes are dropped here. */
export function Shelf({ side, fact, query, onQuery }: Props & { side: Side }) {
  const { t } = useTranslation("pivots");
  const [over, setOver] = useState(false);
  const axes = axesOf(query, side);
  const drop = (at: number) => {
    const what = drag.what();
    drag.end();
    setOver(false);
    if (!what) return;
    if ("field" in what) {
      const field = fact.fields.find((one) => one.field === what.field);
      if (field) onQuery(withField(query, side, field, at));
    } else {
      onQuery(withAxisMoved(query, [what.side, what.at], [side, at]));
    }
  };
  return (
    <section
      aria-label={t(side)}
      className={classes.shelf}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        drop(axes.length);
      }}
    >
      <span className={classes.shelfName}>{t(side)}</span>
      {axes.length === 0 && <span className="dim">{t("shelf_empty")}</span>}
      {axes.map((axis, at) => (
        <AxisChip
          key={`${axis.field} ${axis.grain ?? ""}`}
          axis={axis}
          at={at}
          side={side}
          fact={fact}
          query={query}
          onQuery={onQuery}
          onDropBefore={() => drop(at)}
        />
      ))}
    </section>
  );
}

interface ChipProps extends Props {
  axis: Axis;
  at: number;
  side: Side;
  onDropBefore: () => void;
}

const TOPS = [5, 10, 20, 50];

function AxisChip({ axis, at, side, fact, query, onQuery, onDropBefore }: ChipProps) {
  const { t } = useTranslation("pivots");
  const label = fact.fields.find((field) => field.field === axis.field)?.label ?? axis.field;
  const grain = axis.grain ? ` · ${t(`grain.${axis.grain}`)}` : "";
  const top = axis.top ? ` · ${t("top", { n: axis.top.n })}` : "";
  const other: Side = side === "rows" ? "columns" : "rows";
  const count = axesOf(query, side).length;
  return (
    <Menu
      position="bottom-start"
      width={230}
      target={
        <button
          type="button"
          className={classes.chip}
          draggable
          onDragStart={(event) => drag.begin(event, { side, at })}
          onDragEnd={drag.end}
          onDrop={(event) => {
            event.preventDefault();
            event.stopPropagation();
            onDropBefore();
          }}
        >
          {label}
          {grain}
          {top}
          <IconChevronDown size={14} stroke={1.6} aria-hidden />
        </button>
      }
    >
      {({ Item, Divider, Label }) => (
        <>
          {axis.grain && (
            <>
              <Label>{t("grain.label")}</Label>
              {GRAINS.map((grain) => (
                <Item
                  key={grain}
                  fw={grain === axis.grain ? 600 : undefined}
                  onClick={() => onQuery(withAxis(query, side, at, { ...axis, grain }))}
                >
                  {t(`grain.${grain}`)}
                </Item>
              ))}
              <Divider />
            </>
          )}
          <Label>{t("top_label")}</Label>
          <Item onClick={() => onQuery(withAxis(query, side, at, { ...axis, top: undefined }))}>
            {t("top_all")}
          </Item>
          {TOPS.map((n) => (
            <Item
              key={n}
              fw={axis.top?.n === n ? 600 : undefined}
              onClick={() => onQuery(withAxis(query, side, at, { ...axis, top: { n, measure: 0 } }))}
            >
              {t("top", { n })}
            </Item>
          ))}
          <Divider />
          <Item disabled={at === 0} onClick={() => onQuery(withAxisMoved(query, [side, at], [side, at - 1]))}>
            {t("earlier")}
          </Item>
          <Item
            disabled={at === count - 1}
            onClick={() => onQuery(withAxisMoved(query, [side, at], [side, at + 1]))}
          >
            {t("later")}
          </Item>
          <Item
            onClick={() => onQuery(withAxisMoved(query, [side, at], [other, axesOf(query, other).length]))}
          >
            {t(other === "rows" ? "to_rows" : "to_columns")}
          </Item>
          <Item color="red" onClick={() => onQuery(withoutAxis(query, side, at))}>
            {t("remove")}
          </Item>
        </>
      )}
    </Menu>
  );
}

/** What can be measured: count, sums, averages, different values. */
function choices(
  fact: Fact,
  t: (key: string, options?: object) => string,
): { measure: Measure; label: string }[] {
  return [
    ...fact.measures.map((one) => ({
      measure: { aggregate: "sum", field: one.field } as Measure,
      label: one.label,
    })),
    { measure: { aggregate: "count" } as Measure, label: t("count") },
    ...fact.distinct.map((one) => ({
      measure: { aggregate: "distinct", field: one.value } as Measure,
      label: one.label,
    })),
    ...fact.measures.map((one) => ({
      measure: { aggregate: "average", field: one.field } as Measure,
      label: t("average", { of: one.label }),
    })),
  ];
}

/** What is measured. */
export function MeasureShelf({ fact, query, onQuery }: Props) {
  const { t } = useTranslation("pivots");
  const all = choices(fact, t as (key: string, options?: object) => string);
  const labelOf = (measure: Measure) =>
    all.find((one) => one.measure.aggregate === measure.aggregate && one.measure.field === measure.field)
      ?.label ?? measure.aggregate;
  return (
    <section aria-label={t("measures")} className={classes.shelf}>
      <span className={classes.shelfName}>{t("measures")}</span>
      {query.measures.map((measure, at) => (
        <Menu
          // biome-ignore lint/suspicious/noArrayIndexKey: two measures may be the same
          key={at}
          position="bottom-start"
          width={230}
          target={
            <button type="button" className={classes.chip} data-measure>
              {labelOf(measure)}
              {measure.show && measure.show !== "value" ? ` · ${t(`show.${measure.show}`)}` : ""}
              <IconChevronDown size={14} stroke={1.6} aria-hidden />
            </button>
          }
        >
          {({ Item, Divider, Label }) => (
            <>
              <Label>{t("show.label")}</Label>
              {SHOWN.map((show) => (
                <Item
                  key={show}
                  disabled={measure.aggregate === "average" && show.endsWith("share")}
                  fw={(measure.show ?? "value") === show ? 600 : undefined}
                  onClick={() =>
                    onQuery(withMeasure(query, at, { ...measure, show: show === "value" ? undefined : show }))
                  }
                >
                  {t(`show.${show}`)}
                </Item>
              ))}
              <Divider />
              <Item
                color="red"
                disabled={query.measures.length === 1}
                onClick={() => onQuery(withoutMeasure(query, at))}
              >
                {t("remove")}
              </Item>
            </>
          )}
        </Menu>
      ))}
      <Menu
        position="bottom-start"
        width={230}
        target={
          <button type="button" className={classes.add} disabled={measuresFull(query)}>
            <IconPlus size={14} aria-hidden /> {t("measure_add")}
          </button>
        }
      >
        {({ Item }) => (
          <>
            {all.map(({ measure, label }) => (
              <Item
                key={`${measure.aggregate} ${measure.field ?? ""}`}
                onClick={() => onQuery(plusMeasure(query, measure))}
              >
                {label}
              </Item>
            ))}
          </>
        )}
      </Menu>
    </section>
  );
}

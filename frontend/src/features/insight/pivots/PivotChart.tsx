import { IconPhotoDown } from "@tabler/icons-react";
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Button, Group, Text } from "@/shared/ui";
import { Chart, type Palette } from "../charts/Chart";
import { shown } from "./figures";
import classes from "./Pivots.module.css";
import { picture } from "./picture";
import { pieOf } from "./pie";
import type { Table } from "./types";

const HEIGHT = 340;
/** More lines or bars than this say nothing. */
const MOST_SERIES = 12;
const COLOURS = [
  "#2b6cb0",
  "#c05621",
  "#2f855a",
  "#6b46c1",
  "#b83280",
  "#975a16",
  "#0987a0",
  "#9b2c2c",
  "#4a5568",
  "#276749",
  "#553c9a",
  "#744210",
];

const nameOf = (keys: Table["rows"][number]["keys"]) => keys.map((key) => key.label).join(" · ");

interface Props {
  table: Table;
  kind: "bar" | "line" | "area" | "pie";
  /** Whether the parts of the first measure make up a whole: only then they are a pie. */
  additive: boolean;
  height?: number;
  /** Without the button that saves the picture. */
  bare?: boolean;
}

/**
 * The first measure drawn: columns along the axis, a bar or a line for each row; rows along it when there are no columns.
 * Or its parts as a pie.
 */
export default function PivotChart({ table, kind, additive, height = HEIGHT, bare }: Props) {
  const { t } = useTranslation("pivots");
  const lined = useLines(table, kind);
  const parted = useParts(table);
  const box = useRef<HTMLDivElement>(null);
  const pie = kind === "pie" ? pieOf(table, t("others")) : undefined;
  if (pie && (!additive || pie.slices.length === 0)) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {t(additive ? "chart.pie_nothing" : "chart.pie_unfit")}
      </Text>
    );
  }
  return (
    <div ref={box} className={classes.chart}>
      <Chart
        label={t(pie ? "chart.pie_spoken" : "chart.spoken")}
        height={height}
        option={pie ? parted : lined}
      />
      {pie && pie.left_out > 0 && (
        <Text size="xs" c="dimmed">
          {t("chart.pie_left_out", { count: pie.left_out })}
        </Text>
      )}
      {!bare && (
        <Group justify="flex-end">
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPhotoDown size={15} stroke={1.6} />}
            onClick={() => void picture(box.current)}
          >
            {t("chart.png")}
          </Button>
        </Group>
      )}
    </div>
  );
}

function useParts(table: Table) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  return useCallback(
    (palette: Palette) => {
      const measure = table.measures[0];
      return {
        animation: false,
        color: COLOURS,
        tooltip: {
          trigger: "item",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.text },
          valueFormatter: (value: number) => (measure ? shown(f, measure, rounded(value)) : ""),
        },
        series: [
          {
            type: "pie",
            radius: ["32%", "60%"],
            labelLine: { length: 8, length2: 6 },
            itemStyle: { borderColor: palette.surface, borderWidth: 2 },
            label: { color: palette.text, formatter: "{b}\n{d}%" },
            data: pieOf(table, t("others")).slices,
          },
        ],
      };
    },
    [table, f, t],
  );
}

/** Sums of floats end in dust that no amount of money has. */
const rounded = (value: number) => String(Math.round(value * 1e6) / 1e6);

function useLines(table: Table, kind: Props["kind"]) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  return useCallback(
    (palette: Palette) => {
      const measure = table.measures[0];
      const along = (table.columns[0]?.keys.length ?? 0) > 0;
      // Only for the length of bars; the figures themselves stand in the table as exact text.
      const number = (value: string | null | undefined) =>
        value === null || value === undefined ? null : Number(value);
      const labels = along
        ? table.columns.map((column) => nameOf(column.keys))
        : table.rows.map((row) => nameOf(row.keys));
      const series = along
        ? table.rows.slice(0, MOST_SERIES).map((row, at) => ({
            name: nameOf(row.keys) || t("total"),
            data: table.columns.map((_, column) => number(table.cells[at]?.[column]?.[0])),
          }))
        : [{ name: measure?.label ?? "", data: table.row_totals.map((values) => number(values[0])) }];
      return {
        animation: false,
        color: COLOURS,
        grid: { left: 12, right: 16, top: 36, bottom: 8, containLabel: true },
        legend: { type: "scroll", top: 0, textStyle: { color: palette.text } },
        tooltip: {
          trigger: "axis",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.text },
          valueFormatter: (value: number | null) =>
            value === null || !measure ? "–" : shown(f, measure, String(value)),
        },
        xAxis: {
          type: "category",
          data: labels,
          axisLabel: { color: palette.text },
          axisLine: { lineStyle: { color: palette.line } },
        },
        yAxis: {
          type: "value",
          axisLabel: {
            color: palette.text,
            formatter: (value: number) => (measure?.unit === "share" ? f.percent(value) : f.number(value)),
          },
          splitLine: { lineStyle: { color: palette.line } },
        },
        series: series.map((one) => ({
          ...one,
          type: kind === "bar" ? "bar" : "line",
          stack: kind !== "line" && along ? "all" : undefined,
          areaStyle: kind === "area" ? { opacity: 0.35 } : undefined,
          barMaxWidth: 40,
        })),
      };
    },
    [table, kind, f, t],
  );
}

import { IconPhotoDown } from "@tabler/icons-react";
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Button, Group } from "@/shared/ui";
import { Chart, type Palette } from "../charts/Chart";
import { shown } from "./figures";
import classes from "./Pivots.module.css";
import { picture } from "./picture";
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

/** The first measure drawn: columns along the axis, a bar or a line for each row; rows along it when there are no columns. */
export default function PivotChart({ table, kind }: { table: Table; kind: "bar" | "line" | "area" }) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  const option = useCallback(
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
  const box = useRef<HTMLDivElement>(null);
  return (
    <div ref={box} className={classes.chart}>
      <Chart label={t("chart.spoken")} height={HEIGHT} option={option} />
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
    </div>
  );
}

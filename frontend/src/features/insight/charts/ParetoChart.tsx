import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import type { AbcBucket } from "../types";
import { Chart, type Palette } from "./Chart";

const HEIGHT = 220;

/** Share of customers against accumulated share of revenue, best customers first. */
export default function ParetoChart({ buckets }: { buckets: AbcBucket[] }) {
  const { t } = useTranslation("insight");
  const f = useFormat();
  const navigate = useNavigate();
  const option = useCallback(
    (palette: Palette) => {
      const all = buckets.reduce((sum, one) => sum + one.count, 0) || 1;
      const points: [number, number][] = [[0, 0]];
      for (const one of buckets) {
        const [customers, revenue] = points.at(-1) ?? [0, 0];
        points.push([customers + one.count / all, Math.min(revenue + one.share, 1)]);
      }
      const axis = {
        type: "value",
        min: 0,
        max: 1,
        interval: 0.25,
        axisLabel: { color: palette.text, formatter: (value: number) => f.percent(value) },
        axisLine: { lineStyle: { color: palette.line } },
        splitLine: { lineStyle: { color: palette.line } },
        nameTextStyle: { color: palette.text },
      };
      return {
        animation: false,
        grid: { left: 52, right: 24, top: 28, bottom: 44 },
        xAxis: { ...axis, name: t("abc.axis_customers"), nameLocation: "middle", nameGap: 28 },
        yAxis: {
          ...axis,
          name: t("abc.axis_revenue"),
          nameTextStyle: { color: palette.text, align: "left" },
        },
        tooltip: {
          trigger: "item",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.text },
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const [customers = 0, revenue = 0] = points[dataIndex] ?? [];
            return t("abc.point", { customers: f.percent(customers, 1), revenue: f.percent(revenue, 1) });
          },
        },
        series: [
          {
            type: "line",
            data: points,
            symbolSize: 9,
            lineStyle: { color: palette.main, width: 2.5 },
            itemStyle: { color: palette.accent },
            areaStyle: { color: palette.soft },
            label: {
              show: true,
              color: palette.text,
              position: "bottom",
              distance: 8,
              formatter: ({ dataIndex }: { dataIndex: number }) => buckets[dataIndex - 1]?.class ?? "",
            },
          },
        ],
      };
    },
    [buckets, f, t],
  );
  return (
    <Chart
      label={t("abc.chart")}
      height={HEIGHT}
      option={option}
      onPick={(index) => {
        const condition = buckets[index - 1]?.condition;
        if (condition) void navigate({ to: "/customers", search: { filter: condition } });
      }}
    />
  );
}

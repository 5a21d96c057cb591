import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import type { Overview } from "../types";
import { Chart, type Palette } from "./Chart";

const HEIGHT = 190;

/** Part of the customers beside part of the revenue, class by class. */
export default function ValueChart({ buckets }: { buckets: Overview["value"] }) {
  const { t } = useTranslation(["insight", "customers"]);
  const f = useFormat();
  const navigate = useNavigate();
  const option = useCallback(
    (palette: Palette) => {
      const people = buckets.reduce((sum, one) => sum + one.count, 0) || 1;
      // Only for the length of bars; the money itself stands in the table as exact text.
      const money = buckets.map((one) => Math.max(Number(one.net.amount), 0));
      const revenue = money.reduce((sum, one) => sum + one, 0) || 1;
      const label = { color: palette.text, axisLine: { show: false } };
      const bars = (name: string, color: string, data: number[]) => ({
        type: "bar",
        name,
        data,
        barMaxWidth: 26,
        itemStyle: { color, borderRadius: [3, 3, 0, 0] },
        label: {
          show: true,
          position: "top",
          color: palette.text,
          formatter: ({ value }: { value: number }) => f.percent(value),
        },
      });
      return {
        animation: false,
        grid: { left: 16, right: 16, top: 24, bottom: 26 },
        xAxis: {
          type: "category",
          data: buckets.map((one) => t(`customers:value.${one.class}`)),
          axisLabel: label,
          axisTick: { show: false },
          axisLine: { lineStyle: { color: palette.line } },
        },
        yAxis: { type: "value", show: false },
        tooltip: {
          trigger: "axis",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.text },
          valueFormatter: (value: number) => f.percent(value, 1),
        },
        series: [
          bars(
            t("customer_share"),
            palette.main,
            buckets.map((one) => one.count / people),
          ),
          bars(
            t("abc.share"),
            palette.accent,
            money.map((one) => one / revenue),
          ),
        ],
      };
    },
    [buckets, f, t],
  );
  return (
    <Chart
      label={t("value.chart")}
      height={HEIGHT}
      option={option}
      onPick={(index) => {
        const condition = buckets[index]?.condition;
        if (condition) void navigate({ to: "/customers", search: { filter: condition } });
      }}
    />
  );
}

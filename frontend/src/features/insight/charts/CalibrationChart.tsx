import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import type { Quality } from "../outlook";
import { Chart, type Palette } from "./Chart";

const HEIGHT = 220;

/** Purchases expected beside those that came, by how often customers had come back before. */
export default function CalibrationChart({ bins }: { bins: Quality["by_repeats"] }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const option = useCallback(
    (palette: Palette) => {
      const axis = {
        axisLabel: { color: palette.text },
        axisLine: { lineStyle: { color: palette.line } },
        splitLine: { lineStyle: { color: palette.line } },
        nameTextStyle: { color: palette.text },
      };
      const line = (name: string, color: string, data: number[]) => ({
        type: "line",
        name,
        data,
        symbolSize: 8,
        lineStyle: { color, width: 2.5 },
        itemStyle: { color },
      });
      return {
        animation: false,
        grid: { left: 48, right: 20, top: 28, bottom: 44 },
        xAxis: {
          ...axis,
          type: "category",
          name: t("trial.repeats"),
          nameLocation: "middle",
          nameGap: 28,
          data: bins.map((bin) => (bin.repeats >= 7 ? `${bin.repeats}+` : String(bin.repeats))),
        },
        yAxis: { ...axis, type: "value" },
        tooltip: {
          trigger: "axis",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.text },
          valueFormatter: (value: number) => f.number(value, 2),
        },
        series: [
          line(
            t("trial.expected"),
            palette.main,
            bins.map((bin) => bin.expected),
          ),
          line(
            t("trial.actual"),
            palette.accent,
            bins.map((bin) => bin.actual),
          ),
        ],
      };
    },
    [bins, f, t],
  );
  return <Chart label={t("trial.chart")} height={HEIGHT} option={option} />;
}

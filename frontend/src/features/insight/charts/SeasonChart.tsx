import { useCallback } from "react";
import { useFormat } from "@/shared/format";
import { Chart, type Palette } from "./Chart";

const HEIGHT = 240;

/** The index of each month, with the line at 1 that an even year would follow. */
export default function SeasonChart({
  label,
  months,
}: {
  label: string;
  months: { name: string; index: number }[];
}) {
  const f = useFormat();
  const option = useCallback(
    (palette: Palette) => {
      const axis = {
        axisLabel: { color: palette.text },
        axisLine: { lineStyle: { color: palette.line } },
        splitLine: { lineStyle: { color: palette.line } },
      };
      return {
        animation: false,
        grid: { left: 44, right: 20, top: 20, bottom: 32 },
        xAxis: { ...axis, type: "category", data: months.map((one) => one.name) },
        yAxis: { ...axis, type: "value" },
        tooltip: {
          trigger: "axis",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.text },
          valueFormatter: (value: number) => f.number(value, 3),
        },
        series: [
          { type: "bar", data: months.map((one) => one.index), itemStyle: { color: palette.main } },
          {
            type: "line",
            data: months.map(() => 1),
            symbol: "none",
            silent: true,
            tooltip: { show: false },
            lineStyle: { color: palette.accent, width: 1.5, type: "dashed" },
          },
        ],
      };
    },
    [months, f],
  );
  return <Chart label={label} height={HEIGHT} option={option} />;
}

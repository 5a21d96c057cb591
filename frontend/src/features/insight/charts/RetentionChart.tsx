import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import type { Programme } from "../programmes/queries";
import { Chart, type Palette } from "./Chart";

const HEIGHT = 240;

/** The share that still pays after each renewal: as it was, and as it is fitted. */
export default function RetentionChart({ renewals }: { renewals: Programme["renewals"] }) {
  const { t } = useTranslation("programmes");
  const f = useFormat();
  const option = useCallback(
    (palette: Palette) => {
      const axis = {
        axisLabel: { color: palette.text },
        axisLine: { lineStyle: { color: palette.line } },
        splitLine: { lineStyle: { color: palette.line } },
        nameTextStyle: { color: palette.text },
      };
      const line = (name: string, color: string, shares: (number | null | undefined)[], dashed = false) => ({
        type: "line",
        name,
        data: [1, ...shares],
        symbolSize: renewals.length > 24 ? 4 : 7,
        lineStyle: { color, width: 2.5, type: dashed ? "dashed" : "solid" },
        itemStyle: { color },
      });
      return {
        animation: false,
        grid: { left: 52, right: 20, top: 20, bottom: 44 },
        xAxis: {
          ...axis,
          type: "category",
          name: t("curve.renewal"),
          nameLocation: "middle",
          nameGap: 28,
          data: [0, ...renewals.map((one) => one.renewal)].map(String),
        },
        yAxis: {
          ...axis,
          type: "value",
          min: 0,
          max: 1,
          axisLabel: { color: palette.text, formatter: (share: number) => f.percent(share, 0) },
        },
        tooltip: {
          trigger: "axis",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.text },
          valueFormatter: (share: number) => f.percent(share, 1),
        },
        series: [
          line(
            t("curve.actual"),
            palette.accent,
            renewals.map((one) => one.staying),
          ),
          ...(renewals.some((one) => typeof one.fitted_staying === "number")
            ? [
                line(
                  t("curve.fitted"),
                  palette.main,
                  renewals.map((one) => one.fitted_staying),
                  true,
                ),
              ]
            : []),
        ],
      };
    },
    [renewals, f, t],
  );
  return <Chart label={t("curve.chart")} height={HEIGHT} option={option} />;
}

/** ECharts, only the parts that are used, drawn as SVG in the colours of the page. */
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ECharts, type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useColorScheme } from "@/shared/ui";

use([
  BarChart,
  LineChart,
  PieChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  AriaComponent,
  SVGRenderer,
]);

export interface Palette {
  text: string;
  line: string;
  main: string;
  accent: string;
  soft: string;
  surface: string;
}

interface Props {
  /** Spoken instead of the picture; the numbers stand in a table beside it. */
  label: string;
  height: number;
  option: (palette: Palette) => EChartsCoreOption;
  onPick?: (index: number) => void;
}

function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read("--mantine-color-dimmed"),
    line: read("--rgl-line"),
    main: read("--mantine-primary-color-filled"),
    accent: read("--rgl-accent"),
    soft: read("--rgl-selected"),
    surface: read("--rgl-surface"),
  };
}

export function Chart({ label, height, option, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  const { colorScheme } = useColorScheme();
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const drawn = init(element, undefined, { renderer: "svg" });
    chart.current = drawn;
    drawn.on("click", (event) => pick.current?.(event.dataIndex));
    const resized = new ResizeObserver(() => drawn.resize());
    resized.observe(element);
    return () => {
      resized.disconnect();
      drawn.dispose();
      chart.current = undefined;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours that are read
  useEffect(() => {
    if (box.current) chart.current?.setOption(option(paletteOf(box.current)), true);
  }, [option, colorScheme]);

  return <div ref={box} role="img" aria-label={label} style={{ height, width: "100%" }} />;
}

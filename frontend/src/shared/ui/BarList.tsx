import type { ReactNode } from "react";
import classes from "./BarList.module.css";

interface Bar {
  key: string;
  label: ReactNode;
  /** Length relative to the longest bar. */
  value: number;
  /** What stands at the right end. */
  text: ReactNode;
}

/** A ranked list with bars: the smallest honest chart, readable without colour and by a screen reader. */
export function BarList({ bars }: { bars: Bar[] }) {
  const longest = Math.max(...bars.map((bar) => bar.value), 0);
  return (
    <ul className={classes.list}>
      {bars.map((bar) => (
        <li key={bar.key} className={classes.row}>
          <span className={classes.label}>{bar.label}</span>
          <span className={classes.track} aria-hidden="true">
            <span
              className={classes.bar}
              style={{ width: longest > 0 ? `${(bar.value / longest) * 100}%` : 0 }}
            />
          </span>
          <span className={classes.text}>{bar.text}</span>
        </li>
      ))}
    </ul>
  );
}

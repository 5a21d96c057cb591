import type { ReactNode } from "react";
import classes from "./Figures.module.css";
import { Tooltip } from "./Tooltip";

export interface Figure {
  key: string;
  label: string;
  value: ReactNode;
  /** What the figure is exactly. */
  hint?: string;
  /** Something is owed: said in the colour that asks for attention. */
  due?: boolean;
}

/** The few numbers a page is about, side by side: `lg` for a page of numbers, otherwise above a record. */
export function Figures({ figures, size }: { figures: Figure[]; size?: "lg" }) {
  return (
    <dl className={classes.figures} data-size={size}>
      {figures.map(({ key, label, value, hint, due }) => (
        <div key={key} className={classes.figure}>
          {hint ? (
            <Tooltip label={hint} multiline w={260} openDelay={300}>
              <dt>{label}</dt>
            </Tooltip>
          ) : (
            <dt>{label}</dt>
          )}
          <dd data-due={due || undefined}>{value || <span className="dim">–</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

import { IconInfoCircle } from "@tabler/icons-react";
import { Tooltip } from "@/shared/ui";
import classes from "./Insight.module.css";

/** A term with its exact definition, on hover, focus and touch. */
export function Definition({ term, text }: { term: string; text: string }) {
  return (
    <span className={classes.term}>
      {term}
      <Tooltip label={text} multiline w={320} touch>
        <button type="button" className={classes.info} aria-label={text}>
          <IconInfoCircle size={16} stroke={1.6} aria-hidden="true" />
        </button>
      </Tooltip>
    </span>
  );
}

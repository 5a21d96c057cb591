import { IconX } from "@tabler/icons-react";
import type { Ref } from "react";
import classes from "./FilterBar.module.css";

interface Props {
  text: string;
  removeLabel: string;
  /** Absent when the condition is too rich to be changed in a chip. */
  onPress?: () => void;
  onRemove: () => void;
  ref?: Ref<HTMLDivElement>;
}

/** A pressed-in condition with its own cross. */
export function CloseChip({ text, removeLabel, onPress, onRemove, ref, ...rest }: Props) {
  return (
    <div
      ref={ref}
      className={classes.chip}
      data-open={(rest as { "data-expanded"?: boolean })["data-expanded"]}
    >
      {onPress ? (
        <button type="button" className={classes.chipText} onClick={onPress}>
          {text}
        </button>
      ) : (
        <span className={classes.chipText}>{text}</span>
      )}
      <button type="button" className={classes.chipRemove} aria-label={removeLabel} onClick={onRemove}>
        <IconX size={14} aria-hidden="true" />
      </button>
    </div>
  );
}

import type { BoxProps, PopoverProps as MantinePopoverProps } from "@mantine/core";
import {
  cloneElement,
  lazy,
  type ReactElement,
  type ReactNode,
  Suspense,
  startTransition,
  useEffect,
  useState,
} from "react";

const LoadedPopover = lazy(() => import("./floating").then((module) => ({ default: module.LoadedPopover })));

export interface PopoverProps extends Pick<MantinePopoverProps, "position" | "width"> {
  /** What it hangs on; opens it by itself. */
  target: ReactElement<{ "aria-haspopup"?: "dialog"; "aria-expanded"?: boolean }>;
  /** Spoken name of what opens. */
  label: string;
  opened: boolean;
  onChange: (opened: boolean) => void;
  padding?: BoxProps["p"];
  children: ReactNode;
}

/** Something to fill in beside a button; all but the button loads when it first opens. */
export function Popover(props: PopoverProps) {
  const [wanted, setWanted] = useState(props.opened);
  useEffect(() => {
    if (props.opened) startTransition(() => setWanted(true));
  }, [props.opened]);
  const closed = cloneElement(props.target, { "aria-haspopup": "dialog", "aria-expanded": false });
  return <Suspense fallback={closed}>{wanted ? <LoadedPopover {...props} /> : closed}</Suspense>;
}

import type { TooltipProps as MantineTooltipProps } from "@mantine/core";
import { useMergedRef } from "@mantine/hooks";
import {
  cloneElement,
  lazy,
  type ReactElement,
  type Ref,
  Suspense,
  startTransition,
  useEffect,
  useRef,
  useState,
} from "react";

const LoadedTooltip = lazy(() => import("./floating").then((module) => ({ default: module.LoadedTooltip })));

interface Props extends Pick<MantineTooltipProps, "label" | "multiline" | "w"> {
  /** Also shown when touched; for hints on what is not a button. */
  touch?: boolean;
  /** Milliseconds. */
  openDelay?: number;
  children: ReactElement<Target>;
}

interface Target {
  ref?: Ref<HTMLElement>;
  "aria-label"?: string;
  "aria-description"?: string;
}

/**
 * Words shown while something is pointed at or has the keyboard's focus; loaded when the first is wanted. Who has the
 * page read out hears them as the description of what they stand at, unless they are its name already.
 */
export function Tooltip({ children, touch = false, openDelay = 0, ...rest }: Props) {
  const { label } = rest;
  const described = typeof label === "string" && label !== children.props["aria-label"] ? label : undefined;
  const target = useRef<HTMLElement>(null);
  const [shown, setShown] = useState(false);
  const ref = useMergedRef(target, children.props.ref ?? null);

  useEffect(() => {
    const node = target.current;
    if (!node) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = setTimeout(() => startTransition(() => setShown(true)), openDelay);
    };
    const hide = () => {
      clearTimeout(timer);
      setShown(false);
    };
    const enter = (event: PointerEvent) => {
      if (touch || event.pointerType !== "touch") show();
    };
    const focus = () => {
      if (node.matches(":focus-visible")) show();
    };
    node.addEventListener("pointerenter", enter);
    node.addEventListener("pointerleave", hide);
    node.addEventListener("focus", focus);
    node.addEventListener("blur", hide);
    return () => {
      clearTimeout(timer);
      node.removeEventListener("pointerenter", enter);
      node.removeEventListener("pointerleave", hide);
      node.removeEventListener("focus", focus);
      node.removeEventListener("blur", hide);
    };
  }, [touch, openDelay]);

  useEffect(() => {
    if (!shown) return;
    const dismiss = (event: KeyboardEvent) => event.key === "Escape" && setShown(false);
    document.addEventListener("keydown", dismiss);
    return () => document.removeEventListener("keydown", dismiss);
  }, [shown]);

  return (
    <>
      {cloneElement(children, { ref, "aria-description": described })}
      {shown && (
        <Suspense>
          <LoadedTooltip target={target} opened {...rest} />
        </Suspense>
      )}
    </>
  );
}

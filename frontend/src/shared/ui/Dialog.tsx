import { lazy, Suspense, useEffect } from "react";
import type { DialogProps } from "./DialogFrames";

const DialogFrame = lazy(() => import("./DialogFrames").then((module) => ({ default: module.DialogFrame })));
const SidePanelFrame = lazy(() =>
  import("./DialogFrames").then((module) => ({ default: module.SidePanelFrame })),
);

type Opened<P> = P & { opened: boolean };

/** Puts the focus back where it was: the frame leaves the page at once and can't do so itself. */
function useFocusBack(opened: boolean) {
  useEffect(() => {
    if (!opened) return;
    const before = document.activeElement;
    return () => {
      requestAnimationFrame(() => {
        if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      });
    };
  }, [opened]);
}

/** A dialog for one decision or one form. Its frame loads when the first one opens. */
export function Dialog({ opened, ...rest }: Opened<DialogProps>) {
  useFocusBack(opened);
  return opened ? (
    <Suspense>
      <DialogFrame {...rest} />
    </Suspense>
  ) : null;
}

/** A panel from the right for forms that are read beside the list they belong to. */
export function SidePanel({ opened, ...rest }: Opened<Omit<DialogProps, "top">>) {
  useFocusBack(opened);
  return opened ? (
    <Suspense>
      <SidePanelFrame {...rest} />
    </Suspense>
  ) : null;
}

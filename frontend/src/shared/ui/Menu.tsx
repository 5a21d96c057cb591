import type { Menu as MantineMenu, MenuProps as MantineMenuProps } from "@mantine/core";
import {
  cloneElement,
  lazy,
  type ReactElement,
  type ReactNode,
  type Ref,
  Suspense,
  startTransition,
  useState,
} from "react";

const LoadedMenu = lazy(() => import("./floating").then((module) => ({ default: module.LoadedMenu })));

export interface MenuProps extends Pick<MantineMenuProps, "position" | "width"> {
  /** The button that opens it. */
  target: ReactElement<{
    ref?: Ref<HTMLButtonElement>;
    onClick?: () => void;
    "aria-haspopup"?: "menu";
    "aria-expanded"?: boolean;
  }>;
  /** What it offers, made of the parts of a menu. */
  children: (parts: Pick<typeof MantineMenu, "Item" | "Divider" | "Label">) => ReactNode;
}

/** A menu behind a button; all but the button loads at the first press. */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = cloneElement(props.target, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onClick: () => startTransition(() => setWanted(true)),
  });
  return <Suspense fallback={closed}>{wanted ? <LoadedMenu {...props} /> : closed}</Suspense>;
}

/** What floats above the page, with the machinery that places it. Loaded when first wanted, see ./Menu, ./Popover, ./Tooltip. */
import { Menu, Popover, Tooltip } from "@mantine/core";
import { cloneElement, useEffect, useRef, useState } from "react";
import type { MenuProps } from "./Menu";
import type { PopoverProps } from "./Popover";

export { Tooltip as LoadedTooltip };

export function LoadedMenu({ target, children, ...rest }: MenuProps) {
  const [opened, setOpened] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  // The trigger was drawn anew: it must have the focus that will return to it when the menu closes.
  useEffect(() => {
    trigger.current?.focus();
    setOpened(true);
  }, []);
  return (
    <Menu opened={opened} onChange={setOpened} shadow="md" withInitialFocusPlaceholder={false} {...rest}>
      <Menu.Target>{cloneElement(target, { ref: trigger })}</Menu.Target>
      <Menu.Dropdown>{children(Menu)}</Menu.Dropdown>
    </Menu>
  );
}

export function LoadedPopover({ target, label, opened, children, padding, ...rest }: PopoverProps) {
  const [shown, setShown] = useState(false);
  useEffect(() => setShown(opened), [opened]);
  return (
    <Popover opened={shown} shadow="md" trapFocus {...rest}>
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown aria-label={label} p={padding}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}

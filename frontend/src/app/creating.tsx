import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Button } from "@/shared/ui";
import { useShortcuts } from "./shortcuts";

/** Making a new one from a list: the button, the key `n`, and whether the form is open. */
export function useCreating(may: boolean, verb: string) {
  const [opened, setOpened] = useState(false);
  useShortcuts({ n: () => may && setOpened(true) });
  const button = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)}>
      {verb}
    </Button>
  );
  return { opened, button, close: () => setOpened(false) };
}

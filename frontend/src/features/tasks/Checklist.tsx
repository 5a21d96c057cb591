import { IconPlus, IconX } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button, Checkbox, Group, IconButton, Stack, TextInput } from "@/shared/ui";
import type { ChecklistItem } from "./tasks";

/** What the task consists of; Enter in a line begins the next. */
export function Checklist({
  items,
  onChange,
}: {
  items: ChecklistItem[];
  onChange: (items: ChecklistItem[]) => void;
}) {
  const { t } = useTranslation("tasks");
  const lines = useRef<HTMLDivElement>(null);
  const put = (at: number, change: Partial<ChecklistItem>) =>
    onChange(items.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const add = () => {
    onChange([...items, { text: "", done: false }]);
    requestAnimationFrame(() => {
      const inputs = lines.current?.querySelectorAll<HTMLInputElement>("input[type=text]");
      inputs?.[inputs.length - 1]?.focus();
    });
  };
  return (
    <Stack gap={6} ref={lines} role="group" aria-label={t("field.checklist")}>
      {items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name but their place
        <Group key={at} gap="xs" wrap="nowrap">
          <Checkbox
            aria-label={t("item_done", { text: item.text || at + 1 })}
            checked={item.done ?? false}
            onChange={(event) => put(at, { done: event.currentTarget.checked })}
          />
          <TextInput
            type="text"
            flex={1}
            aria-label={t("item", { number: at + 1 })}
            maxLength={200}
            value={item.text}
            onChange={(event) => put(at, { text: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey)
                return;
              event.preventDefault();
              add();
            }}
          />
          <IconButton
            label={t("item_remove", { number: at + 1 })}
            onClick={() => onChange(items.filter((_, index) => index !== at))}
          >
            <IconX size={15} />
          </IconButton>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        style={{ alignSelf: "start" }}
        onClick={add}
      >
        {t("item_add")}
      </Button>
    </Stack>
  );
}

import { IconArrowUp, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { customFieldsQuery, labelOf } from "@/features/platform";
import type { ServerForm } from "@/shared/form";
import { Checkbox, Group, IconButton, Select, Stack, Text, TextInput } from "@/shared/ui";
import type { Asked, FormValues } from "./queries";

const PLAIN = ["company", "person", "phone", "email", "message"] as const;
const ANSWERABLE = ["text", "number", "date", "bool", "choice", "multi_choice"];

/** What the form asks, in order. */
export function AskedFields({ form }: { form: ServerForm<FormValues> }) {
  const { t, i18n } = useTranslation("leadforms");
  const custom = useQuery(customFieldsQuery("opportunity")).data ?? [];
  const rows = form.values.fields;
  const set = (next: Asked[]) => form.set("fields", next);
  const known = [
    ...PLAIN.map((value) => ({ value: value as string, label: t(`field.${value}`) })),
    ...custom
      .filter((one) => one.active && ANSWERABLE.includes(one.type))
      .map((one) => ({ value: `custom.${one.key}`, label: labelOf(one, i18n.language) })),
  ];
  const word = (key: string) => known.find((one) => one.value === key)?.label ?? key;
  const left = known.filter((one) => rows.every((row) => row.field !== one.value));
  return (
    <Stack gap="xs">
      <Text fw={600}>{t("asks")}</Text>
      {form.field("fields").error && (
        <Text size="sm" c="red" role="alert">
          {form.field("fields").error}
        </Text>
      )}
      {rows.map((row, at) => (
        <Group key={row.field} gap="xs" wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            aria-label={t("label_of", { field: word(row.field) })}
            placeholder={word(row.field)}
            value={row.label ?? ""}
            error={form.field(`fields.${at}.field`).error}
            onChange={(event) => set(rows.with(at, { ...row, label: event.currentTarget.value || null }))}
          />
          <Checkbox
            label={t("required")}
            checked={row.required}
            onChange={(event) => set(rows.with(at, { ...row, required: event.currentTarget.checked }))}
          />
          <IconButton
            label={t("up", { field: word(row.field) })}
            disabled={at === 0}
            onClick={() => set(rows.toSpliced(at - 1, 2, row, rows[at - 1] as Asked))}
          >
            <IconArrowUp size={16} />
          </IconButton>
          <IconButton
            label={t("remove", { field: word(row.field) })}
            disabled={rows.length === 1}
            onClick={() => set(rows.toSpliced(at, 1))}
          >
            <IconX size={16} />
          </IconButton>
        </Group>
      ))}
      {left.length > 0 && (
        <Select
          aria-label={t("ask_more")}
          placeholder={t("ask_more")}
          data={left}
          value={null}
          onChange={(field) => field && set([...rows, { field, required: false, label: null }])}
        />
      )}
    </Stack>
  );
}

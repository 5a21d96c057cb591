/** Parts of the form that a customer may have several of. */
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ServerForm } from "@/shared/form";
import { Button, Group, IconButton, Stack, Text, TextInput } from "@/shared/ui";
import { DateFields } from "./DateFields";
import { blankDate } from "./dateValues";
import type { CustomerValues } from "./form";

type CustomerForm = ServerForm<CustomerValues>;

function AddRow({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconPlus size={14} />}
      onClick={onClick}
      style={{ alignSelf: "flex-start" }}
    >
      {label}
    </Button>
  );
}

function RemoveRow({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <IconButton label={label} onClick={onClick} size="lg">
      <IconTrash size={16} />
    </IconButton>
  );
}

export function PhoneRows({ form }: { form: CustomerForm }) {
  const { t } = useTranslation("customers");
  const rows = form.values.phones;
  return (
    <Stack gap={6}>
      {rows.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Group key={index} gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            style={{ flex: 2 }}
            type="tel"
            autoComplete="off"
            label={index === 0 ? t("field.phone") : undefined}
            aria-label={t("nth_phone", { n: index + 1 })}
            {...form.field(`phones.${index}.number`)}
          />
          <TextInput
            style={{ flex: 1 }}
            placeholder={t("label_hint")}
            aria-label={t("nth_phone_label", { n: index + 1 })}
            {...form.field(`phones.${index}.label`)}
          />
          {rows.length > 1 && (
            <RemoveRow
              label={t("remove_phone", { n: index + 1 })}
              onClick={() => form.set("phones", rows.toSpliced(index, 1))}
            />
          )}
        </Group>
      ))}
      <AddRow
        label={t("add_phone")}
        onClick={() => form.set("phones", [...rows, { number: "", label: "" }])}
      />
    </Stack>
  );
}

export function EmailRows({ form }: { form: CustomerForm }) {
  const { t } = useTranslation("customers");
  const rows = form.values.emails;
  return (
    <Stack gap={6}>
      {rows.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Group key={index} gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            style={{ flex: 1 }}
            type="email"
            autoComplete="off"
            label={index === 0 ? t("field.email") : undefined}
            aria-label={t("nth_email", { n: index + 1 })}
            {...form.field(`emails.${index}.address`)}
          />
          {rows.length > 1 && (
            <RemoveRow
              label={t("remove_email", { n: index + 1 })}
              onClick={() => form.set("emails", rows.toSpliced(index, 1))}
            />
          )}
        </Group>
      ))}
      <AddRow
        label={t("add_email")}
        onClick={() => form.set("emails", [...rows, { address: "", label: "" }])}
      />
    </Stack>
  );
}

export function DateRows({ form }: { form: CustomerForm }) {
  const { t } = useTranslation("customers");
  const rows = form.values.dates;
  return (
    <Stack gap="xs" role="group" aria-label={t("dates_of_life")}>
      <Text size="sm" fw={500}>
        {t("dates_of_life")}
      </Text>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Group key={index} gap="xs" wrap="nowrap" align="flex-start" pb={8}>
          <div style={{ flex: 1, borderBottom: "1px solid var(--rgl-line)", paddingBottom: 8 }}>
            <DateFields
              name={t("nth_date", { n: index + 1 })}
              value={row}
              onChange={(next) => form.set(`dates.${index}`, next)}
            />
          </div>
          <RemoveRow
            label={t("remove_date", { n: index + 1 })}
            onClick={() => form.set("dates", rows.toSpliced(index, 1))}
          />
        </Group>
      ))}
      <AddRow label={t("add_date")} onClick={() => form.set("dates", [...rows, blankDate()])} />
    </Stack>
  );
}

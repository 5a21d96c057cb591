import { IconChevronDown } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { idempotencyKey, keys, useMe } from "@/api";
import { PersonPicker } from "@/features/access";
import { useTagOptions } from "@/features/platform";
import { changed, Form, FormActions, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  DateField,
  Group,
  MultiSelect,
  SegmentedControl,
  Select,
  SidePanel,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  toast,
} from "@/shared/ui";
import { Candidates } from "./Candidates";
import { CustomInputs } from "./CustomInputs";
import { BUYING_STYLES, GENDERS, KINDS, STATUSES, useDictionary, useWords } from "./choices";
import { createCustomer, patchCustomer } from "./commands";
import { blankCustomer, bodyOf, type CustomerValues, customerSchema, newBodyOf, valuesOf } from "./form";
import { useMasks } from "./masked";
import { readCustomer } from "./queries";
import { DateRows, EmailRows, PhoneRows } from "./rows";
import type { Customer } from "./types";

interface Props {
  /** Absent for a new one. */
  customer?: Customer;
  onClose: () => void;
  onSaved: (row: Customer) => void;
}

/** A customer's form: name and phone first, the rest when asked for. */
export function CustomerPanel({ customer, onClose, onSaved }: Props) {
  const { t } = useTranslation("customers");
  const client = useQueryClient();
  const me = useMe();
  const [more, setMore] = useState(customer !== undefined);
  const key = useRef(idempotencyKey());
  const another = useRef(false);
  const initial = customer ? valuesOf(customer) : blankCustomer(me);
  const form = useServerForm<CustomerValues, Customer>({
    initial,
    version: customer?.version,
    schema: customerSchema,
    save: (values, version) =>
      customer
        ? patchCustomer({ id: customer.id, version }, bodyOf(changed(initial, values), customer))
        : createCustomer(newBodyOf(values), key.current),
    reload: async () => {
      const now = await readCustomer(customer?.id ?? "");
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: (row) => {
      void client.invalidateQueries({ queryKey: keys.of("customers") });
      if (another.current) {
        another.current = false;
        key.current = idempotencyKey();
        toast.done(t("created", { name: row.name }));
        form.state.reset();
        document.querySelector<HTMLElement>("form [data-autofocus]")?.focus();
        return;
      }
      toast.done(t(customer ? "common:state.saved" : "created", { name: row.name }));
      onSaved(row);
    },
  });
  const masked = useMasks();
  // Nobody changes what they don't see; of a new customer they write what they know.
  const closed = (key: string) => customer !== undefined && masked(key);
  const { values } = form;
  const kinds = useWords("kind", KINDS);
  return (
    <SidePanel opened onClose={onClose} title={t(customer ? "edit" : "new")} size="lg">
      <Form form={form} labels={useFieldLabels()}>
        <SegmentedControl
          data={kinds.options}
          value={values.kind}
          onChange={(kind) => form.set("kind", KINDS.find((one) => one === kind) ?? values.kind)}
          aria-label={t("field.kind")}
        />
        <TextInput
          label={t(values.kind === "person" ? "field.person_name" : "field.organization_name")}
          required
          data-autofocus
          {...form.field("name")}
        />
        {!closed("phone") && <PhoneRows form={form} />}
        <Candidates values={values} customer={customer} />
        {more ? (
          <More form={form} customer={customer} closed={closed} />
        ) : (
          <Button
            variant="subtle"
            leftSection={<IconChevronDown size={16} />}
            onClick={() => setMore(true)}
            style={{ alignSelf: "flex-start" }}
          >
            {t("more")}
          </Button>
        )}
        <FormActions form={form} onCancel={onClose}>
          {!customer && (
            <Button
              variant="default"
              disabled={form.busy}
              onClick={() => {
                another.current = true;
                void form.submit();
              }}
            >
              {t("save_another")}
            </Button>
          )}
        </FormActions>
      </Form>
    </SidePanel>
  );
}

function useFieldLabels(): Partial<Record<string, string>> {
  const { t } = useTranslation("customers");
  return Object.fromEntries(
    [
      "name",
      "status",
      "level",
      "source",
      "industry",
      "gender",
      "birthday",
      "buying_style",
      "tax_id",
      "note",
    ].map((key) => [key, t(`field.${key}`)]),
  );
}

interface MoreProps {
  form: ServerForm<CustomerValues>;
  customer?: Customer;
  /** Which fields are left out, by their key among the masks. */
  closed: (key: string) => boolean;
}

function More({ form, customer, closed }: MoreProps) {
  const { t } = useTranslation("customers");
  const me = useMe();
  const person = form.values.kind === "person";
  const status = useWords("status", STATUSES);
  const gender = useWords("gender", GENDERS);
  const style = useWords("buying_style", BUYING_STYLES);
  const level = useDictionary("level");
  const source = useDictionary("source");
  const industry = useDictionary("industry");
  const tags = useTagOptions(customer?.unit.id ?? me.unit?.id);
  return (
    <Stack gap="md">
      {!closed("email") && <EmailRows form={form} />}
      <Group grow align="flex-start">
        <Select
          label={t("field.status")}
          allowDeselect={false}
          data={status.options}
          {...form.field("status")}
        />
        <Select label={t("field.level")} clearable data={level.options} {...form.field("level")} />
      </Group>
      <Group grow align="flex-start">
        <Select
          label={t("field.source")}
          clearable
          searchable
          data={source.options}
          {...form.field("source")}
        />
        <PersonPicker
          label={t("field.owner")}
          chosen={customer?.owner}
          value={form.values.owner_id}
          onChange={(id) => form.set("owner_id", id)}
          clearable
        />
      </Group>
      {person ? (
        <Group grow align="flex-start">
          <Select label={t("field.gender")} clearable data={gender.options} {...form.field("gender")} />
          {!closed("birthday") && (
            <DateField
              label={t("field.birthday")}
              value={form.values.birthday}
              onChange={(date) => form.set("birthday", date)}
              maxDate={new Date()}
            />
          )}
        </Group>
      ) : (
        <Group grow align="flex-start">
          <Select
            label={t("field.industry")}
            clearable
            searchable
            data={industry.options}
            {...form.field("industry")}
          />
          {!closed("tax_id") && <TextInput label={t("field.tax_id")} {...form.field("tax_id")} />}
        </Group>
      )}
      {!closed("address") && (
        <>
          <Group grow align="flex-start">
            <TextInput label={t("field.province")} {...form.field("address.province")} />
            <TextInput label={t("field.city")} {...form.field("address.city")} />
            <TextInput label={t("field.district")} {...form.field("address.district")} />
          </Group>
          <TextInput label={t("field.street")} {...form.field("address.street")} />
        </>
      )}
      {!closed("birthday") && <DateRows form={form} />}
      <MultiSelect label={t("field.tags")} searchable data={tags} {...form.field("tag_ids")} />
      <Select
        label={t("field.buying_style")}
        description={t("buying_style_hint")}
        clearable
        data={style.options}
        {...form.field("buying_style")}
      />
      <CustomInputs
        resource="customer"
        values={form.values}
        error={(path) => form.field(path).error}
        put={form.set}
        closed={closed}
      />
      {!closed("note") && (
        <Textarea label={t("field.note")} autosize minRows={2} maxRows={8} {...form.field("note")} />
      )}
      <Switch
        label={t("field.internal")}
        description={t("internal_hint")}
        {...form.field("internal", { type: "checkbox" })}
      />
      {(customer?.masked?.length ?? 0) > 0 && (
        <Text size="sm" c="dimmed">
          {t("masked_form")}
        </Text>
      )}
    </Stack>
  );
}

import { IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { directoryQuery, rolesQuery } from "@/features/access";
import type { ServerForm } from "@/shared/form";
import {
  Button,
  DateField,
  IconButton,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@/shared/ui";
import classes from "./Journeys.module.css";
import type { JourneyStep } from "./queries";
import { inOrder, withOneMore } from "./steps";
import { CHANNELS, PROOFS, ROLES, UNITS, useName, useOptions } from "./words";

interface Props<V extends { steps: JourneyStep[] } & Record<string, unknown>> {
  form: ServerForm<V>;
}

/** The stations of a template, one below the other. */
export function StepsEdit<V extends { steps: JourneyStep[] } & Record<string, unknown>>({ form }: Props<V>) {
  const { t } = useTranslation("journeys");
  const { steps } = form.values;
  const set = (next: JourneyStep[]) => form.set("steps" as never, inOrder(next) as never);
  return (
    <Stack gap="xs">
      <div>
        <Text fw={600}>{t("stations")}</Text>
        <Text size="sm" c="dimmed">
          {t("stations_hint")}
        </Text>
      </div>
      {steps.map((step, at) => (
        <fieldset key={step.key} className={classes.step} aria-label={t("station_at", { at: at + 1 })}>
          <StepFields form={form as unknown as StepForm} at={at} />
          <IconButton
            label={t("move_up", { at: at + 1 })}
            disabled={at === 0}
            onClick={() => set(steps.toSpliced(at - 1, 2, step, steps[at - 1] as JourneyStep))}
          >
            <IconArrowUp size={16} />
          </IconButton>
          <IconButton
            label={t("remove_one", { at: at + 1 })}
            disabled={steps.length === 1}
            onClick={() => set(steps.toSpliced(at, 1))}
          >
            <IconX size={16} />
          </IconButton>
        </fieldset>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => set(withOneMore(steps))}
      >
        {t("add_station")}
      </Button>
    </Stack>
  );
}

type StepForm = ServerForm<{ steps: JourneyStep[] } & Record<string, unknown>>;

function StepFields({ form, at }: { form: StepForm; at: number }) {
  const { t } = useTranslation("journeys");
  const options = useOptions();
  const name = useName();
  const step = form.values.steps[at] as JourneyStep;
  const [more, setMore] = useState(Boolean(step.wait_for || step.not_before));
  const here = (field: string) => `steps.${at}.${field}`;
  const set = (field: string, value: unknown) => form.set(here(field), value as never);
  const earlier = form.values.steps.slice(0, at).map((one) => ({ value: one.key, label: name(one) }));
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        <TextInput size="sm" label={t("name_zh")} {...form.field(here("name_zh"))} />
        <TextInput size="sm" label={t("name_en")} {...form.field(here("name_en"))} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="xs">
        <NumberInput
          size="sm"
          label={t("offset")}
          allowDecimal={false}
          {...form.field(here("offset.count"))}
        />
        <Select
          size="sm"
          label={t("unit_of_time")}
          allowDeselect={false}
          data={options("span", UNITS)}
          {...form.field(here("offset.unit"))}
        />
        <Select
          size="sm"
          label={t("after")}
          placeholder={t("from_start")}
          clearable
          disabled={earlier.length === 0}
          data={earlier}
          {...form.field(here("after"))}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
        <Select
          size="sm"
          label={t("channel_title")}
          allowDeselect={false}
          data={options("channel", CHANNELS)}
          {...form.field(here("channel"))}
        />
        <Select
          size="sm"
          label={t("role_title")}
          allowDeselect={false}
          data={options("role", ROLES)}
          {...form.field(here("role"))}
        />
        <Select
          size="sm"
          label={t("proof_title")}
          allowDeselect={false}
          data={options("proof", PROOFS)}
          {...form.field(here("proof"))}
        />
      </SimpleGrid>
      {step.role === "person" && <Person form={form} at={at} />}
      {step.role === "role" && <Role form={form} at={at} />}
      <Switch
        size="xs"
        label={t("comes_again")}
        checked={Boolean(step.every)}
        onChange={(event) => set("every", event.currentTarget.checked ? { count: 1, unit: "years" } : null)}
      />
      {step.every && (
        <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="xs">
          <NumberInput
            size="sm"
            label={t("every")}
            min={1}
            allowDecimal={false}
            {...form.field(here("every.count"))}
          />
          <Select
            size="sm"
            label={t("unit_of_time")}
            allowDeselect={false}
            data={options("span", UNITS)}
            {...form.field(here("every.unit"))}
          />
          <NumberInput
            size="sm"
            label={t("times")}
            placeholder={t("no_end")}
            min={1}
            allowDecimal={false}
            {...form.field(here("times"))}
            value={step.times ?? ""}
          />
        </SimpleGrid>
      )}
      <Switch
        size="xs"
        label={t("more")}
        checked={more}
        onChange={(event) => {
          setMore(event.currentTarget.checked);
          if (event.currentTarget.checked) return;
          set("wait_for", null);
          set("not_before", null);
        }}
      />
      {more && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
          <Select
            size="sm"
            label={t("wait_for")}
            clearable
            disabled={earlier.length === 0}
            data={earlier}
            {...form.field(here("wait_for"))}
          />
          <DateField
            size="sm"
            label={t("not_before")}
            clearable
            value={step.not_before ?? null}
            onChange={(on) => set("not_before", on)}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}

function Person({ form, at }: { form: StepForm; at: number }) {
  const { t } = useTranslation("journeys");
  const people = useQuery(directoryQuery).data ?? [];
  return (
    <Select
      size="sm"
      label={t("role.person")}
      searchable
      data={people}
      {...form.field(`steps.${at}.user_id`)}
    />
  );
}

function Role({ form, at }: { form: StepForm; at: number }) {
  const { t } = useTranslation("journeys");
  const roles = (useQuery(rolesQuery).data ?? []).map((role) => ({ value: role.id, label: role.name }));
  return (
    <Select size="sm" label={t("role_of")} searchable data={roles} {...form.field(`steps.${at}.role_id`)} />
  );
}

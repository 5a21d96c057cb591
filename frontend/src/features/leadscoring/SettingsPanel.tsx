import { IconPlus, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { keys } from "@/api";
import { Form, FormActions, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  Group,
  IconButton,
  NumberInput,
  SegmentedControl,
  Select,
  SidePanel,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  toast,
} from "@/shared/ui";
import classes from "./LeadScoring.module.css";
import {
  type Attribute,
  type Rule,
  readScoring,
  SCORING,
  type Scoring,
  type Settings,
  saveScoring,
  scoringQuery,
} from "./queries";

/** A rule while it is typed: nothing is an empty text. */
interface Typed {
  attribute: string;
  value: string | null;
  above: number | "";
  up_to: number | "";
  points: number;
}

interface Values extends Record<string, unknown> {
  mode: Settings["mode"];
  months: number;
  least_cases: number;
  least_each: number;
  refit_days: number;
  base: number;
  hand: Typed[];
}

const NUMBERS = ["months", "refit_days", "least_cases", "least_each", "base"] as const;

const valuesOf = (settings: Settings): Values => ({
  ...settings,
  hand: settings.hand.map((rule) => ({
    attribute: rule.attribute,
    value: rule.value ?? "",
    above: rule.above ?? "",
    up_to: rule.up_to ?? "",
    points: rule.points,
  })),
});

const ruleOf = ({ attribute, value, above, up_to, points }: Typed): Rule => ({
  attribute,
  points,
  ...(value?.trim() ? { value: value.trim() } : {}),
  ...(above === "" ? {} : { above }),
  ...(up_to === "" ? {} : { up_to }),
});

const settingsOf = (values: Values): Settings => ({ ...values, hand: values.hand.map(ruleOf) });

/** What is learnt from, and the points that apply when nothing is. */
export default function SettingsPanel({ scoring, onClose }: { scoring: Scoring; onClose: () => void }) {
  const { t } = useTranslation("leadscoring");
  const client = useQueryClient();
  const form = useServerForm<Values, Scoring>({
    initial: valuesOf(scoring.settings),
    version: scoring.version,
    schema: z.object({}),
    save: (values, version) => saveScoring(scoring.id, version ?? scoring.version, settingsOf(values)),
    reload: async () => {
      const now = await readScoring(scoring.id);
      return { values: valuesOf(now.settings), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(scoringQuery(scoring.id).queryKey, saved);
      toast.done(t("saved"));
      for (const resource of [SCORING, "jobs", "opportunities"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onClose();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t("set.title")} size="lg">
      <Form form={form}>
        <Stack gap={6}>
          <Text fw={600} size="sm" id="scoring-mode">
            {t("set.mode")}
          </Text>
          <SegmentedControl
            aria-labelledby="scoring-mode"
            data={(["learnt", "by_hand"] as const).map((value) => ({ value, label: t(value) }))}
            value={form.values.mode}
            onChange={(next) => form.set("mode", next)}
          />
        </Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {NUMBERS.map((name) => (
            <NumberInput key={name} label={t(`set.${name}`)} allowDecimal={false} {...form.field(name)} />
          ))}
        </SimpleGrid>
        <Rules form={form} attributes={scoring.attributes} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </SidePanel>
  );
}

function Rules({ form, attributes }: { form: ServerForm<Values>; attributes: Attribute[] }) {
  const { t } = useTranslation("leadscoring");
  const rows = form.values.hand;
  const set = (next: Typed[]) => form.set("hand", next);
  const first = attributes[0]?.key ?? "source";
  return (
    <Stack gap="xs">
      <Text fw={600} component="h3" m={0}>
        {t("set.hand")}
      </Text>
      <Text size="sm" c="dimmed">
        {t("set.hand_hint")}
      </Text>
      {rows.map((row, at) => (
        <RuleRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity
          key={at}
          at={at}
          form={form}
          attributes={attributes}
          onAttribute={(attribute) =>
            set(rows.with(at, { ...row, attribute, value: "", above: "", up_to: "" }))
          }
          onRemove={() => set(rows.toSpliced(at, 1))}
        />
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => set([...rows, { attribute: first, value: "", above: "", up_to: "", points: 5 }])}
      >
        {t("set.add")}
      </Button>
    </Stack>
  );
}

interface RowProps {
  at: number;
  form: ServerForm<Values>;
  attributes: Attribute[];
  onAttribute: (key: string) => void;
  onRemove: () => void;
}

function RuleRow({ at, form, attributes, onAttribute, onRemove }: RowProps) {
  const { t } = useTranslation("leadscoring");
  const row = form.values.hand[at];
  const attribute = attributes.find((one) => one.key === row?.attribute);
  const place = `hand.${at}` as const;
  const { error } = form.field(`${place}.attribute`);
  return (
    <Group
      gap="xs"
      p="xs"
      align="flex-end"
      className={classes.rule}
      role="group"
      aria-label={t("set.row", { n: at + 1 })}
    >
      <Select
        size="xs"
        style={{ flex: "1 1 8rem" }}
        label={t("set.attribute")}
        allowDeselect={false}
        data={attributes.map((one) => ({ value: one.key, label: one.name }))}
        value={row?.attribute ?? null}
        error={error}
        onChange={(next) => next && onAttribute(next)}
      />
      {attribute?.kind === "numbers" ? (
        <>
          <NumberInput
            size="xs"
            style={{ flex: "1 1 5rem" }}
            label={t("set.above")}
            {...form.field(`${place}.above`)}
          />
          <NumberInput
            size="xs"
            style={{ flex: "1 1 5rem" }}
            label={t("set.up_to")}
            {...form.field(`${place}.up_to`)}
          />
        </>
      ) : (
        <Value attribute={attribute} props={form.field(`${place}.value`)} />
      )}
      <NumberInput
        size="xs"
        w="5.5rem"
        label={t("set.points")}
        allowDecimal={false}
        {...form.field(`${place}.points`)}
      />
      <IconButton label={t("set.remove", { name: attribute?.name ?? "" })} onClick={onRemove}>
        <IconX size={16} />
      </IconButton>
    </Group>
  );
}

interface ValueProps {
  attribute?: Attribute;
  props: ReturnType<ServerForm<Values>["field"]>;
}

/** One of the values there are, or any text; empty where nothing is known. */
function Value({ attribute, props }: ValueProps) {
  const { t } = useTranslation("leadscoring");
  const shared = {
    size: "xs",
    style: { flex: "1 1 9rem" },
    label: t("set.value"),
    placeholder: t("missing"),
  } as const;
  if (!attribute || attribute.values.length === 0) return <TextInput {...shared} {...props} />;
  return (
    <Select
      {...shared}
      searchable
      clearable
      data={attribute.values.map((one) => ({ value: one.key, label: one.name }))}
      {...props}
    />
  );
}

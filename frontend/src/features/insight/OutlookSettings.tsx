import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok } from "@/api";
import { type Settings, settingsQuery } from "@/features/platform";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { readDecimal } from "@/shared/format/decimal";
import { MultiSelect, SidePanel, SimpleGrid, Text, TextInput, toast, Waiting } from "@/shared/ui";
import type { InsightSettings } from "./types";

/** The tables whose numbers are set here, in the order they are shown. */
const TABLES = [
  "lifetime",
  "lifecycle_thresholds",
  "loyalty_thresholds",
  "situation_thresholds",
  "churn_thresholds",
  "associations",
  "win_back",
  "key_accounts",
] as const;

const CLASSES = ["vip", "major", "ordinary", "small"] as const;

interface Values extends Record<string, unknown> {
  numbers: Record<string, string>;
  warned_classes: string[];
  /** The best first, between commas. */
  credit_grades: string;
}

const insightOf = (settings: Settings): InsightSettings => settings.settings.insight;

function valuesOf(settings: InsightSettings): Values {
  const numbers: Record<string, string> = {};
  for (const table of TABLES) {
    for (const [key, value] of Object.entries(settings[table])) numbers[`${table}-${key}`] = String(value);
  }
  numbers["known-valid_days"] = String(settings.known.valid_days);
  return {
    numbers,
    warned_classes: settings.warned_classes,
    credit_grades: settings.known.credit_grades.join(", "),
  };
}

function patchOf(values: Values) {
  const patch: Record<string, unknown> = { warned_classes: values.warned_classes };
  for (const table of TABLES) {
    const rows = Object.entries(values.numbers).filter(([name]) => name.startsWith(`${table}-`));
    patch[table] = Object.fromEntries(
      rows.map(([name, typed]) => [name.slice(table.length + 1), Number(readDecimal(typed) ?? "0")]),
    );
  }
  patch.known = {
    valid_days: Number(readDecimal(values.numbers["known-valid_days"] ?? "") ?? "0"),
    credit_grades: values.credit_grades
      .split(/[,，、;；]/)
      .map((grade) => grade.trim())
      .filter(Boolean),
  };
  return patch;
}

const schema = z.object({
  numbers: z.record(
    z.string(),
    z
      .string()
      .check(z.refine((typed) => readDecimal(typed) !== undefined && !typed.startsWith("-"), "form.number")),
  ),
});

/** The numbers in the decision tables, of the models and of the warning. */
export default function OutlookSettings({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("outlook");
  const settings = useQuery(settingsQuery);
  return (
    <SidePanel opened onClose={onClose} title={t("settings.title")} size="lg">
      <Waiting query={settings} />
      {settings.data && <Editor settings={settings.data} onClose={onClose} />}
    </SidePanel>
  );
}

function Editor({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const { t } = useTranslation(["outlook", "customers"]);
  const client = useQueryClient();
  const before = insightOf(settings);
  const form = useServerForm<Values, Settings>({
    initial: valuesOf(before),
    version: settings.version,
    schema,
    save: (values, version) =>
      ok(
        api.PATCH("/settings", {
          params: { header: ifMatch(version) },
          body: { settings: { insight: patchOf(values) as Partial<InsightSettings> } },
        }),
      ),
    reload: async () => {
      const now = await ok(api.GET("/settings", {}));
      return { values: valuesOf(insightOf(now)), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      toast.done(t("settings.saved"));
      for (const resource of ["insight", "jobs"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onClose();
    },
  });
  return (
    <Form form={form}>
      {TABLES.map((table) => (
        <section key={table}>
          <Text component="h3" fw={650} m={0}>
            {t(`settings.${table}`)}
          </Text>
          <Text size="sm" c="dimmed" mb={6}>
            {t(`settings.${table}_hint`)}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {Object.keys(before[table]).map((key) => (
              <TextInput
                key={key}
                label={t(`threshold.${key}`)}
                inputMode="decimal"
                {...form.field(`numbers.${table}-${key}`)}
              />
            ))}
          </SimpleGrid>
        </section>
      ))}
      <section>
        <Text component="h3" fw={650} m={0}>
          {t("settings.known")}
        </Text>
        <Text size="sm" c="dimmed" mb={6}>
          {t("settings.known_hint")}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t("threshold.valid_days")}
            inputMode="decimal"
            {...form.field("numbers.known-valid_days")}
          />
          <TextInput label={t("settings.credit_grades")} {...form.field("credit_grades")} />
        </SimpleGrid>
      </section>
      <MultiSelect
        label={t("settings.warned_classes")}
        data={CLASSES.map((value) => ({ value, label: t(`customers:value.${value}`) }))}
        {...form.field("warned_classes")}
      />
      <FormActions form={form} onCancel={onClose} />
    </Form>
  );
}

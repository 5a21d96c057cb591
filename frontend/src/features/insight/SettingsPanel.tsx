import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok } from "@/api";
import { type Settings, settingsQuery } from "@/features/platform";
import { Form, FormActions, type ServerForm, useServerForm } from "@/shared/form";
import { SegmentedControl, SidePanel, SimpleGrid, Stack, Text, TextInput, toast, Waiting } from "@/shared/ui";
import { type SettingsValues, settingsOf, settingsSchema, valuesOf, weightSum } from "./form";
import classes from "./Insight.module.css";
import { type InsightSettings, WEIGHTS } from "./types";

/** How customers are judged: weights, cut-offs, thresholds. */
export default function SettingsPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("insight");
  const settings = useQuery(settingsQuery);
  return (
    <SidePanel opened onClose={onClose} title={t("settings_title")} size="lg">
      <Waiting query={settings} />
      {settings.data && <Editor settings={settings.data} onClose={onClose} />}
    </SidePanel>
  );
}

const insightOf = (settings: Settings): InsightSettings => settings.settings.insight;

function Editor({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const { t } = useTranslation("insight");
  const client = useQueryClient();
  const { currency } = settings;
  const before = insightOf(settings);
  const form = useServerForm<SettingsValues, Settings>({
    initial: valuesOf(before, currency),
    version: settings.version,
    schema: settingsSchema,
    save: (values, version) =>
      ok(
        api.PATCH("/settings", {
          params: { header: ifMatch(version) },
          body: { settings: { insight: settingsOf(values, before, currency) } },
        }),
      ),
    reload: async () => {
      const now = await ok(api.GET("/settings", {}));
      return { values: valuesOf(insightOf(now), currency), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      toast.done(t("settings_saved"));
      for (const resource of ["insight", "jobs"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onClose();
    },
  });
  return (
    <Form form={form}>
      <Weights form={form} />
      <Cuts form={form} />
      <Rfm form={form} currency={currency} />
      <section>
        <Heading text={t("stage.title")} hint={t("stage.settings_hint")} />
        <SimpleGrid cols={2}>
          {(
            ["new_days", "old_days", "loyal_order_days", "loyal_categories", "loyal_silence_gaps"] as const
          ).map((key) => (
            <TextInput key={key} label={t(`threshold.${key}`)} inputMode="decimal" {...form.field(key)} />
          ))}
        </SimpleGrid>
      </section>
      <section>
        <Heading text={t("abc.title")} hint={t("abc.settings_hint")} />
        <SimpleGrid cols={2}>
          <TextInput label={t("abc.cut_a")} inputMode="decimal" rightSection="%" {...form.field("abc_a")} />
          <TextInput label={t("abc.cut_b")} inputMode="decimal" rightSection="%" {...form.field("abc_b")} />
        </SimpleGrid>
      </section>
      <FormActions form={form} onCancel={onClose} />
    </Form>
  );
}

function Heading({ text, hint }: { text: string; hint: string }) {
  return (
    <Stack gap={0} mb={6}>
      <Text component="h3" fw={650} m={0}>
        {text}
      </Text>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
    </Stack>
  );
}

function Weights({ form }: { form: ServerForm<SettingsValues> }) {
  const { t } = useTranslation("insight");
  const sum = weightSum(form.values.weights) / 10;
  return (
    <section>
      <Heading text={t("weights")} hint={t("weights_hint")} />
      <SimpleGrid cols={2}>
        {WEIGHTS.map((key) => (
          <TextInput
            key={key}
            label={t(`weight.${key}`)}
            inputMode="decimal"
            rightSection="%"
            {...form.field(`weights.${key}`)}
          />
        ))}
      </SimpleGrid>
      <Text
        size="sm"
        mt={6}
        role="status"
        c={sum === 100 ? "dimmed" : "var(--mantine-color-error)"}
        className="tabular"
      >
        {t(sum === 100 ? "weights_sum" : "weights_wrong", { sum })}
      </Text>
    </section>
  );
}

function Cuts({ form }: { form: ServerForm<SettingsValues> }) {
  const { t } = useTranslation(["insight", "customers"]);
  const shares = form.values.cut_by === "shares";
  return (
    <section>
      <Heading text={t("value.title")} hint={t(shares ? "cuts_shares_hint" : "cuts_scores_hint")} />
      <SegmentedControl
        size="xs"
        mb="xs"
        aria-label={t("cuts_by")}
        value={form.values.cut_by}
        onChange={(by) => form.set("cut_by", by)}
        data={[
          { value: "shares", label: t("cuts_shares") },
          { value: "scores", label: t("cuts_scores") },
        ]}
      />
      <SimpleGrid cols={3}>
        {(["vip", "major", "ordinary"] as const).map((key) => (
          <TextInput
            key={key}
            label={t(`customers:value.${key}`)}
            inputMode="decimal"
            rightSection={shares ? "%" : undefined}
            {...form.field(`cuts.${key}`)}
          />
        ))}
      </SimpleGrid>
    </section>
  );
}

function Rfm({ form, currency }: { form: ServerForm<SettingsValues>; currency: string }) {
  const { t } = useTranslation("insight");
  const row = (key: "recency" | "frequency" | "monetary", scores: number[]) => (
    <fieldset style={{ border: 0, margin: "0.5rem 0 0", padding: 0, minWidth: 0 }}>
      <legend>
        <Text size="sm" fw={500}>
          {t(`limits.${key}`, { currency })}
        </Text>
      </legend>
      <div className={classes.rowFields}>
        {form.values[key].map((_, index) => (
          <TextInput
            // biome-ignore lint/suspicious/noArrayIndexKey: four limits in their order
            key={index}
            aria-label={t("limit_for", { what: t(`limits.${key}`, { currency }), score: scores[index] })}
            leftSection={<span className="dim">{scores[index]}</span>}
            inputMode="decimal"
            {...form.field(`${key}.${index}`)}
          />
        ))}
      </div>
    </fieldset>
  );
  return (
    <section>
      <Heading text={t("rfm.title")} hint={t(`mode_hint.${form.values.rfm_mode}`)} />
      <SegmentedControl
        size="xs"
        aria-label={t("basis_mode")}
        value={form.values.rfm_mode}
        onChange={(mode) => form.set("rfm_mode", mode)}
        data={(["quintile", "threshold"] as const).map((value) => ({ value, label: t(`mode.${value}`) }))}
      />
      {form.values.rfm_mode === "threshold" && (
        <>
          {row("recency", [5, 4, 3, 2])}
          {row("frequency", [2, 3, 4, 5])}
          {row("monetary", [2, 3, 4, 5])}
        </>
      )}
    </section>
  );
}

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok, type Schema } from "@/api";
import { type Settings, settingsQuery } from "@/features/platform";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Group, SidePanel, Switch, Text, TextInput, toast, Waiting } from "@/shared/ui";
import { type NextRule, RULES } from "./queries";

interface Values extends Record<string, unknown> {
  on: string[];
  weights: Record<string, string>;
}

const valuesOf = (settings: Settings): Values => {
  const rules = settings.settings.insight.next_actions;
  return {
    on: RULES.filter((rule) => rules[rule].on),
    weights: Object.fromEntries(RULES.map((rule) => [rule, String(rules[rule].weight)])),
  };
};

const patchOf = (values: Values) =>
  Object.fromEntries(
    RULES.map((rule) => [rule, { on: values.on.includes(rule), weight: Number(values.weights[rule]) }]),
  ) as Schema<"NextActionSettings">;

const schema = z.object({
  weights: z.record(
    z.string(),
    z.string().check(z.refine((typed) => /^\d{1,4}$/.test(typed) && Number(typed) <= 1000, "form.number")),
  ),
});

/** Which rules suggest something, and how much of the value at stake counts. */
export default function RuleSettings({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("next");
  const settings = useQuery(settingsQuery);
  return (
    <SidePanel opened onClose={onClose} title={t("settings.title")}>
      <Waiting query={settings} />
      {settings.data && <Editor settings={settings.data} onClose={onClose} />}
    </SidePanel>
  );
}

function Editor({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const { t } = useTranslation("next");
  const client = useQueryClient();
  const form = useServerForm<Values, Settings>({
    initial: valuesOf(settings),
    version: settings.version,
    schema,
    save: (values, version) =>
      ok(
        api.PATCH("/settings", {
          params: { header: ifMatch(version) },
          body: { settings: { insight: { next_actions: patchOf(values) } } },
        }),
      ),
    reload: async () => {
      const now = await ok(api.GET("/settings", {}));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      toast.done(t("settings.saved"));
      for (const resource of ["next-actions", "jobs"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onClose();
    },
  });
  const turn = (rule: NextRule, on: boolean) =>
    form.set("on", on ? [...form.values.on, rule] : form.values.on.filter((one) => one !== rule));
  return (
    <Form form={form}>
      <Text size="sm" c="dimmed">
        {t("settings.hint")}
      </Text>
      {RULES.map((rule) => (
        <Group key={rule} justify="space-between" align="flex-end" wrap="nowrap">
          <Switch
            label={t(`rule.${rule}`)}
            checked={form.values.on.includes(rule)}
            onChange={(event) => turn(rule, event.currentTarget.checked)}
          />
          <TextInput
            w={110}
            inputMode="numeric"
            rightSection="%"
            aria-label={t("settings.weight", { rule: t(`rule.${rule}`) })}
            {...form.field(`weights.${rule}`)}
          />
        </Group>
      ))}
      <FormActions form={form} onCancel={onClose} />
    </Form>
  );
}

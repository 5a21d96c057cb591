import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok } from "@/api";
import { type Settings, settingsQuery } from "@/features/platform";
import { Form, FormActions, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  IconButton,
  Select,
  SidePanel,
  SimpleGrid,
  Text,
  TextInput,
  toast,
  Waiting,
} from "@/shared/ui";
import classes from "./Duplicates.module.css";
import {
  FIELDS,
  howsOf,
  newPart,
  newRule,
  type PartValues,
  partChanged,
  type RulesValues,
  type RuleValues,
  rulesOf,
  rulesSchema,
  valuesOf,
} from "./rules";

/** By what records are told to be one customer: what counts how much, and from how much on. */
export default function RulesPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("duplicates");
  const settings = useQuery(settingsQuery);
  return (
    <SidePanel opened onClose={onClose} title={t("rules.title")} size="lg">
      <Waiting query={settings} />
      {settings.data && <Editor settings={settings.data} onClose={onClose} />}
    </SidePanel>
  );
}

function Editor({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const { t } = useTranslation("duplicates");
  const client = useQueryClient();
  const form = useServerForm<RulesValues, Settings>({
    initial: valuesOf(settings.settings.duplicates),
    version: settings.version,
    schema: rulesSchema,
    save: (values, version) =>
      ok(
        api.PATCH("/settings", {
          params: { header: ifMatch(version) },
          body: { settings: { duplicates: rulesOf(values) } },
        }),
      ),
    reload: async () => {
      const now = await ok(api.GET("/settings", {}));
      return { values: valuesOf(now.settings.duplicates), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      toast.done(t("rules.saved"));
      for (const resource of ["duplicates", "jobs"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onClose();
    },
  });
  const { rules } = form.values;
  const set = (next: RuleValues[]) => form.set("rules", next);
  return (
    <Form form={form}>
      <Text size="sm" c="dimmed">
        {t("rules.hint")}
      </Text>
      <SimpleGrid cols={2}>
        <TextInput label={t("rules.possible")} inputMode="numeric" {...form.field("possible")} />
        <TextInput label={t("rules.certain")} inputMode="numeric" {...form.field("certain")} />
      </SimpleGrid>
      {rules.map((rule, index) => (
        <RuleFields
          key={rule.key}
          rule={rule}
          place={index}
          form={form}
          onChange={(next) => set(rules.with(index, next))}
          onRemove={() => set(rules.toSpliced(index, 1))}
        />
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => set([...rules, newRule(rules)])}
        style={{ alignSelf: "flex-start" }}
      >
        {t("rules.add")}
      </Button>
      <FormActions form={form} onCancel={onClose} />
    </Form>
  );
}

interface RuleProps {
  rule: RuleValues;
  place: number;
  form: ServerForm<RulesValues>;
  onChange: (rule: RuleValues) => void;
  onRemove: () => void;
}

function RuleFields({ rule, place, form, onChange, onRemove }: RuleProps) {
  const { t } = useTranslation("duplicates");
  const number = place + 1;
  const groups = (next: PartValues[][]) =>
    onChange({ ...rule, all: next.filter((group) => group.length > 0) });
  return (
    <fieldset className={classes.rule}>
      <legend className={classes.legend}>{t("rules.rule", { number })}</legend>
      {rule.all.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other name than their place
        <div key={at} className={classes.group}>
          {at > 0 && <Text size="sm">{t("rules.and")}</Text>}
          {group.map((part, index) => (
            <PartFields
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
              key={index}
              part={part}
              or={index > 0}
              onChange={(next) => groups(rule.all.with(at, group.with(index, next)))}
              onRemove={
                rule.all.length > 1 || group.length > 1
                  ? () => groups(rule.all.with(at, group.toSpliced(index, 1)))
                  : undefined
              }
            />
          ))}
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => groups(rule.all.with(at, [...group, newPart()]))}
            style={{ alignSelf: "flex-start" }}
          >
            {t("rules.add_or")}
          </Button>
        </div>
      ))}
      <div className={classes.ruleEnd}>
        <TextInput
          label={t("rules.weight")}
          inputMode="numeric"
          className={classes.number}
          {...form.field(`rules.${place}.weight`)}
        />
        <Select
          label={t("rules.kind")}
          data={[
            { value: "", label: t("rules.every") },
            { value: "person", label: t("rules.person") },
            { value: "organization", label: t("rules.organization") },
          ]}
          allowDeselect={false}
          value={rule.kind ?? ""}
          onChange={(kind) =>
            onChange({ ...rule, kind: kind === "person" || kind === "organization" ? kind : null })
          }
        />
        <Button variant="subtle" size="compact-sm" onClick={() => groups([...rule.all, [newPart()]])}>
          {t("rules.add_and")}
        </Button>
        <IconButton label={t("rules.remove", { number })} onClick={onRemove}>
          <IconTrash size={16} />
        </IconButton>
      </div>
    </fieldset>
  );
}

interface PartProps {
  part: PartValues;
  or: boolean;
  onChange: (part: PartValues) => void;
  onRemove?: () => void;
}

function PartFields({ part, or, onChange, onRemove }: PartProps) {
  const { t } = useTranslation("duplicates");
  const change = (next: Partial<PartValues>) => onChange(partChanged(part, next));
  return (
    <div className={classes.part}>
      {or && <Text size="sm">{t("rules.or")}</Text>}
      <Select
        aria-label={t("rules.field")}
        data={FIELDS.map((value) => ({ value, label: t(`rules.of.${value}`) }))}
        allowDeselect={false}
        value={part.field}
        onChange={(value) => change({ field: FIELDS.find((one) => one === value) ?? part.field })}
      />
      <Select
        aria-label={t("rules.how")}
        data={howsOf(part.field).map((value) => ({
          value,
          label: t(part.field === "name" && value === "different" ? "rules.unlike" : `rules.is.${value}`),
        }))}
        allowDeselect={false}
        value={part.how}
        onChange={(value) => change({ how: howsOf(part.field).find((one) => one === value) ?? part.how })}
      />
      {part.field === "name" && part.how !== "same" && (
        <TextInput
          aria-label={t("rules.percent")}
          inputMode="numeric"
          rightSection="%"
          className={classes.number}
          value={part.percent}
          onChange={(event) => onChange({ ...part, percent: event.currentTarget.value })}
        />
      )}
      {onRemove && (
        <IconButton label={t("rules.remove_part")} onClick={onRemove}>
          <IconTrash size={15} />
        </IconButton>
      )}
    </div>
  );
}

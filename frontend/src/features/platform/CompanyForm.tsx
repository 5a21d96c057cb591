import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok, session, useCan, useMe } from "@/api";
import { CURRENCIES, localeOptions, rolesQuery, timeZones } from "@/features/access";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import {
  Group,
  MultiSelect,
  Panel,
  Radio,
  Select,
  Skeleton,
  Stack,
  Switch,
  TextInput,
  toast,
} from "@/shared/ui";
import type { Settings } from "./queries";

const CalendarPanel = lazy(() => import("./CalendarPanel"));
const PapersPanel = lazy(() => import("./PapersPanel"));
const FollowUpPanel = lazy(() => import("./FollowUpPanel"));

export interface CompanyValues extends Record<string, unknown> {
  company_name: string;
  locale: Settings["locale"];
  time_zone: string;
  currency: string;
  settings: Settings["settings"];
}

const valuesOf = ({ company_name, locale, time_zone, currency, settings }: Settings): CompanyValues => ({
  company_name,
  locale,
  time_zone,
  currency,
  settings,
});

/** The company's own settings: what it is called, how it counts, how its people sign in. */
export default function CompanyForm({ settings }: { settings: Settings }) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const me = useMe();
  const may = useCan("platform:settings:write");
  const seesRoles = useCan("access:user:read");
  const roles = (useQuery({ ...rolesQuery, enabled: seesRoles }).data ?? []).map((role) => ({
    value: role.id,
    label: role.name,
  }));
  const initial = valuesOf(settings);
  const form = useServerForm<CompanyValues, Settings>({
    initial,
    version: settings.version,
    schema: z.object({
      company_name: rules.required(),
      settings: z.object({
        customer_code_pattern: rules.required(),
        order_code_pattern: rules.required(),
        quote_code_pattern: rules.required(),
        bill_code_pattern: rules.required(),
        tax_rate: rules.required(),
      }),
    }),
    save: (values, version) => {
      const { settings: nested, ...rest } = changed(initial, values);
      const body = nested ? { ...rest, settings: changed(initial.settings, values.settings) } : rest;
      return ok(api.PATCH("/settings", { params: { header: ifMatch(version) }, body }));
    },
    reload: async () => {
      const now = await ok(api.GET("/settings", {}));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(keys.of("settings"), saved);
      session.adoptMe({
        ...me,
        company: {
          name: saved.company_name,
          currency: saved.currency,
          time_zone: saved.time_zone,
          tax_rate: saved.settings.tax_rate,
          follow_up: saved.settings.follow_up,
        },
      });
      toast.done(t("common:state.saved"));
    },
  });
  return (
    <Form
      form={form}
      labels={{
        company_name: t("company.name"),
        locale: t("field.locale"),
        time_zone: t("company.time_zone"),
        currency: t("company.currency"),
      }}
    >
      <fieldset disabled={!may} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack gap="lg">
          <Panel title={t("company.identity")}>
            <Stack>
              <TextInput label={t("company.name")} required {...form.field("company_name")} />
              <Group grow align="flex-start">
                <Select
                  label={t("field.locale")}
                  data={localeOptions}
                  allowDeselect={false}
                  {...form.field("locale")}
                />
                <Select
                  label={t("company.currency")}
                  data={[...new Set([settings.currency, ...CURRENCIES])]}
                  searchable
                  allowDeselect={false}
                  {...form.field("currency")}
                />
              </Group>
              <Select
                label={t("company.time_zone")}
                data={[...new Set([settings.time_zone, ...timeZones()])]}
                searchable
                allowDeselect={false}
                {...form.field("time_zone")}
              />
            </Stack>
          </Panel>
          <Panel title={t("company.rules")}>
            <Stack>
              <Group grow align="flex-start">
                <TextInput
                  label={t("company.customer_code")}
                  description={t("company.code_hint")}
                  {...form.field("settings.customer_code_pattern")}
                />
                <TextInput
                  label={t("company.order_code")}
                  description={t("company.code_hint")}
                  {...form.field("settings.order_code_pattern")}
                />
              </Group>
              <Group grow align="flex-start">
                <TextInput
                  label={t("company.quote_code")}
                  description={t("company.code_hint")}
                  {...form.field("settings.quote_code_pattern")}
                />
                <TextInput
                  label={t("company.tax_rate")}
                  description={t("company.tax_rate_hint")}
                  inputMode="decimal"
                  {...form.field("settings.tax_rate")}
                />
              </Group>
              <Group grow align="flex-start">
                <TextInput
                  label={t("company.bill_code")}
                  description={t("company.code_hint")}
                  {...form.field("settings.bill_code_pattern")}
                />
                <TextInput
                  label={t("company.payment_days")}
                  description={t("company.payment_days_hint")}
                  type="number"
                  min={0}
                  max={365}
                  {...form.field("settings.payment_days")}
                  onChange={(event) => form.set("settings.payment_days", Number(event.currentTarget.value))}
                />
              </Group>
              <Radio.Group
                label={t("company.counts_when")}
                description={t("company.counts_when_hint")}
                {...form.field("settings.order_counts_when")}
              >
                <Group mt="xs">
                  {["confirmed", "delivered", "paid"].map((value) => (
                    <Radio key={value} value={value} label={t(`company.counts_${value}`)} />
                  ))}
                </Group>
              </Radio.Group>
              <TextInput
                label={t("company.attachment_max")}
                description={t("company.attachment_max_hint")}
                type="number"
                min={1}
                max={200}
                {...form.field("settings.attachment_max_mb")}
                onChange={(event) =>
                  form.set("settings.attachment_max_mb", Number(event.currentTarget.value))
                }
              />
              <Switch
                label={t("company.csv_remark")}
                description={t("company.csv_remark_hint")}
                {...form.field("settings.csv_export_remark", { type: "checkbox" })}
              />
            </Stack>
          </Panel>
          <Suspense fallback={<Skeleton height={280} />}>
            <PapersPanel form={form} />
          </Suspense>
          <Suspense fallback={<Skeleton height={280} />}>
            <CalendarPanel
              value={form.values.settings.calendar}
              onChange={(calendar) => form.set("settings.calendar", calendar)}
            />
          </Suspense>
          <Suspense fallback={<Skeleton height={220} />}>
            <FollowUpPanel form={form} />
          </Suspense>
          <Panel title={t("company.sign_in")}>
            <Stack>
              <Switch
                label={t("company.factor_everybody")}
                description={t("company.factor_hint")}
                {...form.field("settings.second_factor.everybody", { type: "checkbox" })}
              />
              {!form.values.settings.second_factor.everybody && seesRoles && (
                <MultiSelect
                  label={t("company.factor_roles")}
                  placeholder={
                    form.values.settings.second_factor.roles.length > 0
                      ? undefined
                      : t("company.factor_nobody")
                  }
                  searchable
                  data={roles}
                  {...form.field("settings.second_factor.roles")}
                />
              )}
            </Stack>
          </Panel>
          {may && <FormActions form={form} />}
        </Stack>
      </fieldset>
    </Form>
  );
}

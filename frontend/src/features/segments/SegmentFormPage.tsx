import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { type Condition, idempotencyKey, keys } from "@/api";
import { fetchCustomers } from "@/features/customers";
import { useConditionFields } from "@/shared/condition";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import {
  ListSkeleton,
  Page,
  PageHeader,
  Panel,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  TextLink,
  toast,
  useDebouncedValue,
  Waiting,
} from "@/shared/ui";
import { countQuery, createSegment, patchSegment, readSegment, segmentQuery } from "./queries";
import classes from "./Segments.module.css";
import type { Segment } from "./types";

const ConditionBuilder = lazy(() =>
  import("@/shared/condition/ConditionBuilder").then((module) => ({ default: module.ConditionBuilder })),
);

/** A new segment, from the condition in the address if there is one. */
export function NewSegmentPage() {
  const { filter } = useSearch({ from: "/_app/segments/new" });
  return <SegmentForm start={filter} />;
}

export function EditSegmentPage() {
  const { id } = useParams({ from: "/_app/segments/$id/edit" });
  const segment = useQuery(segmentQuery(id));
  if (segment.data) return <SegmentForm segment={segment.data} />;
  return (
    <Page width="regular">
      <Waiting query={segment} />
    </Page>
  );
}

interface Values extends Record<string, unknown> {
  name: string;
  description: string;
  kind: Segment["kind"];
  condition: Condition | null;
  shared: boolean;
}

const valuesOf = (row: Segment): Values => ({
  name: row.name,
  description: row.description ?? "",
  kind: row.kind,
  condition: row.condition ?? null,
  shared: row.shared,
});

function SegmentForm({ segment, start }: { segment?: Segment; start?: Condition }) {
  const { t } = useTranslation(["segments", "grid"]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const fields = useConditionFields("customers");
  const once = useRef(idempotencyKey());
  const initial: Values = segment
    ? valuesOf(segment)
    : { name: "", description: "", kind: "dynamic", condition: start ?? null, shared: false };
  const form = useServerForm<Values, Segment>({
    initial,
    version: segment?.version,
    schema: z.object({ name: rules.required() }),
    save: (values, version) => {
      const { description, ...rest } = segment ? changed(initial, values) : values;
      const body = {
        ...rest,
        ...(description === undefined ? {} : { description: description || null }),
        ...(values.kind === "static" ? { condition: null } : {}),
      };
      return segment
        ? patchSegment({ id: segment.id, version }, body)
        : createSegment({ ...body, name: values.name, kind: values.kind }, once.current);
    },
    reload: async () => {
      const now = await readSegment(segment?.id ?? "");
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async (row) => {
      client.setQueryData(segmentQuery(row.id).queryKey, row);
      toast.done(t("common:state.saved"));
      await navigate({ to: "/segments/$id", params: { id: row.id } });
      void client.invalidateQueries({ queryKey: keys.of("segments") });
    },
  });
  const { values } = form;
  return (
    <Page width="regular">
      <PageHeader
        title={segment ? t("edit_title", { name: segment.name }) : t("new")}
        eyebrow={<TextLink to="/segments">{t("title")}</TextLink>}
      />
      <Form
        form={form}
        labels={{ name: t("name"), description: t("description"), condition: t("definition") }}
      >
        <Panel>
          <Stack>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput label={t("name")} required data-autofocus {...form.field("name")} />
              <Textarea
                label={t("description")}
                autosize
                minRows={1}
                maxRows={4}
                {...form.field("description")}
              />
            </SimpleGrid>
            {!segment && (
              <div>
                <SegmentedControl
                  aria-label={t("kind")}
                  value={values.kind}
                  onChange={(kind) => form.set("kind", kind)}
                  data={(["dynamic", "static"] as const).map((value) => ({ value, label: t(value) }))}
                />
                <Text size="sm" c="dimmed" mt={4}>
                  {t(`${values.kind}_hint`)}
                </Text>
              </div>
            )}
            <Switch
              label={t("share")}
              description={t("share_hint")}
              {...form.field("shared", { type: "checkbox" })}
            />
          </Stack>
        </Panel>
        {values.kind === "dynamic" && (
          <Panel title={t("definition")} aside={<LiveCount condition={values.condition ?? undefined} />}>
            <Suspense fallback={<ListSkeleton rows={3} />}>
              <ConditionBuilder
                fields={fields}
                initial={initial.condition ?? undefined}
                onChange={(condition) => form.set("condition", condition ?? null)}
              />
            </Suspense>
            {form.field("condition").error && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {form.field("condition").error}
              </Text>
            )}
            <Sample condition={values.condition ?? undefined} />
          </Panel>
        )}
        <FormActions
          form={form}
          onCancel={() =>
            void (segment
              ? navigate({ to: "/segments/$id", params: { id: segment.id } })
              : navigate({ to: "/segments" }))
          }
        />
      </Form>
    </Page>
  );
}

const SETTLED_MS = 400;

/** How many meet the condition as it stands, a moment after the last change. */
function LiveCount({ condition }: { condition: Condition | undefined }) {
  const { t } = useTranslation(["segments", "grid"]);
  const f = useFormat();
  const [settled] = useDebouncedValue(condition, SETTLED_MS);
  const count = useQuery({ ...countQuery(settled), placeholderData: keepPreviousData });
  const waiting = count.isFetching || settled !== condition;
  return (
    <span role="status" className={classes.count} data-waiting={waiting || undefined}>
      {!condition
        ? t("count_none")
        : count.data
          ? t("count_live", {
              count: count.data.count,
              shown: f.number(count.data.count),
            })
          : count.isError
            ? t("count_failed")
            : " "}
    </span>
  );
}

const SAMPLED = 5;

/** A few of those who meet it, to see whether the condition says what was meant. */
function Sample({ condition }: { condition: Condition | undefined }) {
  const { t } = useTranslation(["segments", "grid"]);
  const [settled] = useDebouncedValue(condition, SETTLED_MS);
  const query = { filter: JSON.stringify(settled), limit: SAMPLED };
  const sample = useQuery({
    queryKey: keys.list("customers", query),
    queryFn: ({ signal }) => fetchCustomers(query, signal),
    enabled: settled !== undefined,
    placeholderData: keepPreviousData,
  });
  const items = settled ? (sample.data?.items ?? []) : [];
  if (items.length === 0) return null;
  return (
    <p className={classes.sample}>
      {t("sample")}{" "}
      {items.map((one, index) => (
        <span key={one.id}>
          {index > 0 && t("grid:list_separator")}
          <TextLink to="/customers/$id" params={{ id: one.id }} target="_blank">
            {one.name}
          </TextLink>
        </span>
      ))}
    </p>
  );
}

import { IconListDetails, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok, useCan } from "@/api";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { SimpleTable } from "@/shared/grid";
import {
  Anchor,
  Badge,
  Button,
  Confirm,
  EmptyState,
  ErrorState,
  ListSkeleton,
  NumberInput,
  Page,
  PageHeader,
  Panel,
  Select,
  SidePanel,
  Switch,
  TextInput,
  toast,
} from "@/shared/ui";
import { type DictionaryEntry, dictionariesQuery, entriesQuery, labelOf } from "./queries";

/** The company's lists of words: industries, sources, levels, channels. */
export function DictionariesPage() {
  const { t, i18n } = useTranslation("admin");
  const dictionaries = useQuery(dictionariesQuery);
  const [chosen, setChosen] = useState<string>();
  const current = chosen ?? dictionaries.data?.[0]?.key;
  return (
    <Page width="regular">
      <PageHeader title={t("section.dictionaries")} description={t("section_hint.dictionaries")} />
      {dictionaries.isPending && <ListSkeleton />}
      {dictionaries.isError && (
        <ErrorState error={dictionaries.error} onRetry={() => void dictionaries.refetch()} />
      )}
      {dictionaries.data?.length === 0 && (
        <EmptyState icon={<IconListDetails size={28} stroke={1.5} />} title={t("dictionaries.none")} />
      )}
      {current && (
        <>
          <Select
            label={t("dictionaries.which")}
            w={280}
            searchable
            allowDeselect={false}
            value={current}
            onChange={(key) => setChosen(key ?? undefined)}
            data={(dictionaries.data ?? []).map((one) => ({
              value: one.key,
              label: i18n.language === "en" ? one.name_en : one.name_zh,
            }))}
          />
          <Entries key={current} dictionary={current} />
        </>
      )}
    </Page>
  );
}

function Entries({ dictionary }: { dictionary: string }) {
  const { t, i18n } = useTranslation("admin");
  const may = useCan("platform:settings:write");
  const entries = useQuery(entriesQuery(dictionary));
  const [open, setOpen] = useState<{ entry?: DictionaryEntry }>();
  const rows = [...(entries.data ?? [])].sort((a, b) => a.position - b.position);
  const create = may && (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={14} />}
      onClick={() => setOpen({})}
    >
      {t("dictionaries.add")}
    </Button>
  );
  return (
    <Panel title={t("dictionaries.entries")} aside={create} flush>
      {entries.isPending && <ListSkeleton rows={5} />}
      {entries.isError && <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />}
      {entries.data && rows.length === 0 && <EmptyState title={t("dictionaries.empty")} actions={create} />}
      {rows.length > 0 && (
        <SimpleTable
          label={t("dictionaries.entries")}
          rows={rows}
          rowKey={(entry) => entry.id}
          columns={[
            {
              id: "label",
              header: t("field.name"),
              cell: (entry) =>
                may ? (
                  <Anchor component="button" type="button" fw={600} onClick={() => setOpen({ entry })}>
                    {labelOf(entry, i18n.language)}
                  </Anchor>
                ) : (
                  labelOf(entry, i18n.language)
                ),
            },
            { id: "key", header: t("field.key"), cell: (entry) => <code>{entry.key}</code>, wide: true },
            {
              id: "state",
              header: "",
              cell: (entry) =>
                !entry.active && (
                  <Badge variant="light" color="gray">
                    {t("common:state.inactive")}
                  </Badge>
                ),
            },
          ]}
        />
      )}
      {open && (
        <EntryPanel
          dictionary={dictionary}
          entry={open.entry}
          nextPosition={(rows.at(-1)?.position ?? 0) + 1}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Panel>
  );
}

interface EntryProps {
  dictionary: string;
  entry?: DictionaryEntry;
  nextPosition: number;
  onClose: () => void;
}

function EntryPanel({ dictionary, entry, nextPosition, onClose }: EntryProps) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const initial = {
    key: entry?.key ?? "",
    label_zh: entry?.label_zh ?? "",
    label_en: entry?.label_en ?? "",
    position: entry?.position ?? nextPosition,
    active: entry?.active ?? true,
  };
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of("dictionaries") });
    onClose();
  };
  const form = useServerForm({
    initial,
    version: entry?.version,
    schema: z.object({ key: rules.required(), label_zh: rules.required(), label_en: rules.required() }),
    save: (values, version) =>
      entry
        ? ok(
            api.PATCH("/dictionary-entries/{id}", {
              params: { path: { id: entry.id } },
              headers: ifMatch(version),
              body: changed(initial, values),
            }),
          )
        : ok(
            api.POST("/dictionaries/{key}/entries", { params: { path: { key: dictionary } }, body: values }),
          ),
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(entry ? "dictionaries.edit" : "dictionaries.add")} size="sm">
      <Form form={form}>
        <TextInput label={t("field.label_zh")} required data-autofocus {...form.field("label_zh")} />
        <TextInput label={t("field.label_en")} required {...form.field("label_en")} />
        <TextInput
          label={t("field.key")}
          description={t("field.key_hint")}
          required
          disabled={entry !== undefined}
          {...form.field("key")}
        />
        <NumberInput label={t("field.position")} min={0} allowDecimal={false} {...form.field("position")} />
        <Switch label={t("common:state.active")} {...form.field("active", { type: "checkbox" })} />
        <FormActions form={form} onCancel={onClose}>
          {entry && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {entry && (
        <Confirm
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("dictionaries.delete")}
          verb={t("common:action.delete")}
          danger
          onConfirm={async () => {
            await ok(
              api.DELETE("/dictionary-entries/{id}", {
                params: { path: { id: entry.id } },
                headers: ifMatch(entry.version),
              }),
            );
            await done();
          }}
        >
          {t("dictionaries.delete_hint")}
        </Confirm>
      )}
    </SidePanel>
  );
}

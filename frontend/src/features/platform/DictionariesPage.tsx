import { IconListDetails, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { SimpleTable } from "@/shared/grid";
import { Anchor, Badge, Button, EmptyState, Page, PageHeader, Panel, Select, Waiting } from "@/shared/ui";
import { type DictionaryEntry, dictionariesQuery, entriesQuery, labelOf } from "./queries";

const EntryPanel = lazy(() => import("./EntryPanel"));

/** The company's lists of words: industries, sources, levels, channels. */
export function DictionariesPage() {
  const { t, i18n } = useTranslation("admin");
  const dictionaries = useQuery(dictionariesQuery);
  const [chosen, setChosen] = useState<string>();
  const current = chosen ?? dictionaries.data?.[0]?.key;
  return (
    <Page width="regular">
      <PageHeader title={t("section.dictionaries")} description={t("section_hint.dictionaries")} />
      <Waiting query={dictionaries} />
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
      <Waiting query={entries} rows={5} />
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
        <Suspense>
          <EntryPanel
            dictionary={dictionary}
            entry={open.entry}
            nextPosition={(rows.at(-1)?.position ?? 0) + 1}
            onClose={() => setOpen(undefined)}
          />
        </Suspense>
      )}
    </Panel>
  );
}

import { IconPlus, IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Anchor, Button, EmptyState, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import { type Tag, tagsQuery } from "./queries";
import { TagMark } from "./TagMark";

const TagPanel = lazy(() => import("./TagPanel"));

export function TagsPage() {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const tags = useQuery(tagsQuery);
  const may = useCan("customers:tag:write");
  const [open, setOpen] = useState<{ tag?: Tag }>();
  const units = new Set(tags.data?.map((tag) => tag.unit?.id));
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t("tags.add")}
    </Button>
  );
  return (
    <Page width="narrow">
      <PageHeader title={t("section.tags")} description={t("section_hint.tags")} actions={create} />
      <Panel flush>
        <Waiting query={tags} rows={5} />
        {tags.data?.length === 0 && (
          <EmptyState icon={<IconTags size={28} stroke={1.5} />} title={t("tags.none")} actions={create}>
            {t("tags.none_hint")}
          </EmptyState>
        )}
        {tags.data && tags.data.length > 0 && (
          <SimpleTable
            label={t("section.tags")}
            rows={tags.data}
            rowKey={(tag) => tag.id}
            columns={[
              {
                id: "name",
                header: t("field.name"),
                cell: (tag) =>
                  may ? (
                    <Anchor
                      component="button"
                      type="button"
                      underline="never"
                      onClick={() => setOpen({ tag })}
                    >
                      <TagMark tag={tag} />
                    </Anchor>
                  ) : (
                    <TagMark tag={tag} />
                  ),
              },
              ...(units.size > 1
                ? [{ id: "unit", header: t("field.unit"), cell: (tag: Tag) => tag.unit?.name }]
                : []),
              {
                id: "count",
                header: t("tags.customers"),
                align: "right",
                cell: (tag) => f.number(tag.customers_count),
              },
            ]}
          />
        )}
      </Panel>
      <Suspense>{open && <TagPanel tag={open.tag} onClose={() => setOpen(undefined)} />}</Suspense>
    </Page>
  );
}

import { IconForms, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { SimpleTable } from "@/shared/grid";
import {
  Anchor,
  Badge,
  Button,
  EmptyState,
  Group,
  Page,
  PageHeader,
  Panel,
  SegmentedControl,
  Waiting,
} from "@/shared/ui";
import { type CustomField, customFieldsQuery, type FieldResource, labelOf } from "./queries";

const FieldPanel = lazy(() => import("./FieldPanel"));

const RESOURCES: FieldResource[] = ["customer", "product", "order", "quote", "opportunity"];

/** What a company keeps beyond our own fields, per kind of record. */
export function FieldsPage() {
  const { t, i18n } = useTranslation("admin");
  const may = useCan("platform:settings:write");
  const [resource, setResource] = useState<FieldResource>("customer");
  const [open, setOpen] = useState<{ field?: CustomField }>();
  const fields = useQuery(customFieldsQuery(resource));
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t("fields.add")}
    </Button>
  );
  const rows = [...(fields.data ?? [])].sort((a, b) => a.position - b.position);
  return (
    <Page width="regular">
      <PageHeader title={t("section.fields")} description={t("section_hint.fields")} actions={create} />
      <Group>
        <SegmentedControl
          aria-label={t("fields.resource")}
          value={resource}
          onChange={setResource}
          data={RESOURCES.map((value) => ({ value, label: t(`resource.${value}`) }))}
        />
      </Group>
      <Panel flush>
        <Waiting query={fields} rows={5} />
        {fields.data && rows.length === 0 && (
          <EmptyState icon={<IconForms size={28} stroke={1.5} />} title={t("fields.none")} actions={create}>
            {t("fields.none_hint")}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <SimpleTable
            label={t("section.fields")}
            rows={rows}
            rowKey={(field) => field.id}
            columns={[
              {
                id: "label",
                header: t("field.name"),
                cell: (field) =>
                  may ? (
                    <Anchor component="button" type="button" fw={600} onClick={() => setOpen({ field })}>
                      {labelOf(field, i18n.language)}
                    </Anchor>
                  ) : (
                    <strong>{labelOf(field, i18n.language)}</strong>
                  ),
              },
              { id: "key", header: t("field.key"), cell: (field) => <code>{field.key}</code>, wide: true },
              { id: "type", header: t("fields.type"), cell: (field) => t(`field_type.${field.type}`) },
              {
                id: "flags",
                header: "",
                wide: true,
                cell: (field) => (
                  <Group gap={4}>
                    {field.required && <Badge variant="light">{t("fields.required")}</Badge>}
                    {!field.required && field.required_if && (
                      <Badge variant="light" tt="none">
                        {t("fields.required_sometimes")}
                      </Badge>
                    )}
                    {field.unique && <Badge variant="light">{t("fields.unique")}</Badge>}
                    {!field.active && (
                      <Badge variant="light" color="gray">
                        {t("common:state.inactive")}
                      </Badge>
                    )}
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Panel>
      {open && (
        <Suspense>
          <FieldPanel
            field={open.field}
            resource={resource}
            nextPosition={(rows.at(-1)?.position ?? 0) + 1}
            onClose={() => setOpen(undefined)}
          />
        </Suspense>
      )}
    </Page>
  );
}

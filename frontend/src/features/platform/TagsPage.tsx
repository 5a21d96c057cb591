import { IconPlus, IconTags } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok, useCan } from "@/api";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Anchor,
  Button,
  Confirm,
  EmptyState,
  Page,
  PageHeader,
  Panel,
  Radio,
  SidePanel,
  TextInput,
  toast,
  Waiting,
} from "@/shared/ui";
import { type Tag, tagsQuery } from "./queries";
import { TAG_COLORS, TagMark } from "./TagMark";

export function TagsPage() {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const tags = useQuery(tagsQuery);
  const may = useCan("customers:tag:write");
  const [open, setOpen] = useState<{ tag?: Tag }>();
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
      {open && <TagPanel tag={open.tag} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}

function TagPanel({ tag, onClose }: { tag?: Tag; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const initial = { name: tag?.name ?? "", color: tag?.color ?? TAG_COLORS[0] };
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of("tags") });
    onClose();
  };
  const form = useServerForm({
    initial,
    version: tag?.version,
    schema: z.object({ name: rules.required() }),
    save: (values, version) =>
      tag
        ? ok(
            api.PATCH("/tags/{id}", {
              params: { path: { id: tag.id }, header: ifMatch(version) },
              body: changed(initial, values),
            }),
          )
        : ok(api.POST("/tags", { body: values })),
    reload: async () => {
      const now = await ok(api.GET("/tags/{id}", { params: { path: { id: tag?.id ?? "" } } }));
      return { values: { name: now.name, color: now.color }, version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(tag ? "tags.edit" : "tags.add")} size="sm">
      <Form form={form} labels={{ name: t("field.name"), color: t("tags.color") }}>
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <Radio.Group label={t("tags.color")} {...form.field("color")}>
          {TAG_COLORS.map((color) => (
            <Radio
              key={color}
              value={color}
              my={6}
              label={<TagMark tag={{ name: t(`color.${color}`), color }} />}
            />
          ))}
        </Radio.Group>
        <FormActions form={form} onCancel={onClose}>
          {tag && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {tag && (
        <Confirm
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("tags.delete", { name: tag.name })}
          verb={t("common:action.delete")}
          danger
          onConfirm={async () => {
            await ok(
              api.DELETE("/tags/{id}", { params: { path: { id: tag.id }, header: ifMatch(tag.version) } }),
            );
            await done();
          }}
        >
          {t("tags.delete_hint")}
        </Confirm>
      )}
    </SidePanel>
  );
}

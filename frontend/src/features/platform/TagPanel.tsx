import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok } from "@/api";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Button, ConfirmDelete, Radio, SidePanel, TextInput, toast } from "@/shared/ui";
import type { Tag } from "./queries";
import { TAG_COLORS, TagMark } from "./TagMark";

/** One tag: its name, its colour, and its end. */
export default function TagPanel({ tag, onClose }: { tag?: Tag; onClose: () => void }) {
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
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("tags.delete", { name: tag.name })}
          onConfirm={async () => {
            await ok(
              api.DELETE("/tags/{id}", { params: { path: { id: tag.id }, header: ifMatch(tag.version) } }),
            );
            await done();
          }}
        >
          {t("tags.delete_hint")}
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}

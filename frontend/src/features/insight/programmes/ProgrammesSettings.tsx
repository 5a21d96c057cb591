import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok } from "@/api";
import { useGroupOptions } from "@/features/catalog";
import { type Settings, settingsQuery } from "@/features/platform";
import { Form, FormActions, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  Group,
  IconButton,
  MultiSelect,
  SidePanel,
  SimpleGrid,
  Text,
  TextInput,
  toast,
  Waiting,
} from "@/shared/ui";
import { blank, nearer, type ProgrammesValues, programmesOf, schema, valuesOf } from "./form";
import { ProductsField } from "./ProductsField";

const PLACE = "/settings/insight";

/** Which sales are bills, and when a missed one means that a customer has left. */
export default function ProgrammesSettings({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("programmes");
  const settings = useQuery(settingsQuery);
  return (
    <SidePanel opened onClose={onClose} title={t("form.title")} size="lg">
      <Waiting query={settings} />
      {settings.data && <Editor settings={settings.data} onClose={onClose} />}
    </SidePanel>
  );
}

const programmesIn = (settings: Settings) => settings.settings.insight.programmes;

function Editor({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const { t } = useTranslation("programmes");
  const client = useQueryClient();
  const form = useServerForm<ProgrammesValues, Settings>({
    initial: valuesOf(programmesIn(settings)),
    version: settings.version,
    schema,
    save: async (values, version) => {
      try {
        return await ok(
          api.PATCH("/settings", {
            params: { header: ifMatch(version) },
            body: { settings: { insight: { programmes: programmesOf(values) } } },
          }),
        );
      } catch (error) {
        throw nearer(error, PLACE);
      }
    },
    reload: async () => {
      const now = await ok(api.GET("/settings", {}));
      return { values: valuesOf(programmesIn(now)), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      toast.done(t("form.saved"));
      for (const resource of ["insight", "jobs"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onClose();
    },
  });
  const { programmes } = form.values;
  return (
    <Form form={form}>
      <Text size="sm" c="dimmed">
        {t("form.about")}
      </Text>
      {programmes.map((one, at) => (
        <Programme
          key={one.key}
          form={form}
          at={at}
          onRemove={() =>
            form.set(
              "programmes",
              programmes.filter((other) => other.key !== one.key),
            )
          }
        />
      ))}
      <Button
        variant="default"
        w="fit-content"
        leftSection={<IconPlus size={16} />}
        onClick={() => form.set("programmes", [...programmes, blank(programmes)])}
      >
        {t("form.add")}
      </Button>
      <FormActions form={form} onCancel={onClose} />
    </Form>
  );
}

interface ProgrammeProps {
  form: ServerForm<ProgrammesValues>;
  at: number;
  onRemove: () => void;
}

function Programme({ form, at, onRemove }: ProgrammeProps) {
  const { t } = useTranslation("programmes");
  const { categories } = useGroupOptions();
  const one = form.values.programmes[at];
  if (!one) return null;
  const field = (name: string) => form.field(`programmes.${at}.${name}`);
  const title = one.name_zh || one.name_en || t("form.nth", { n: at + 1 });
  return (
    <section aria-label={title}>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text component="h3" fw={650} m={0}>
          {title}
        </Text>
        <IconButton label={t("form.remove", { name: title })} onClick={onRemove}>
          <IconTrash size={16} />
        </IconButton>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t("form.name_zh")} required {...field("name_zh")} />
        <TextInput label={t("form.name_en")} required {...field("name_en")} />
        <TextInput
          label={t("form.period")}
          description={t("form.period_hint")}
          inputMode="numeric"
          required
          {...field("period_months")}
        />
        <TextInput
          label={t("form.grace")}
          description={t("form.grace_hint")}
          inputMode="numeric"
          required
          {...field("grace_days")}
        />
        <MultiSelect label={t("form.categories")} data={categories} searchable {...field("category_ids")} />
        <ProductsField
          value={one.product_ids}
          onChange={(ids) => form.set(`programmes.${at}.product_ids`, ids as never)}
        />
      </SimpleGrid>
    </section>
  );
}

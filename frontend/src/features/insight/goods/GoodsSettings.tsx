import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok } from "@/api";
import { useGroupOptions } from "@/features/catalog";
import { type Settings, settingsQuery } from "@/features/platform";
import { Form, FormActions, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  IconButton,
  MultiSelect,
  Group as Row,
  SidePanel,
  SimpleGrid,
  Text,
  TextInput,
  toast,
  Waiting,
} from "@/shared/ui";
import { type Group, type GroupsValues, nearer } from "./form";
import { ProductsField } from "./ProductsField";

type InsightSettings = Settings["settings"]["insight"];

/** One of the lists of groups of goods in the settings. */
export interface GoodsList<G extends Group> {
  /** What it is called there. */
  member: "programmes" | "durables";
  useWords: () => { title: string; about: string; add: string; saved: string; nth: (n: number) => string };
  schema: Parameters<typeof useServerForm<GroupsValues<G>, Settings>>[0]["schema"];
  typed: (settings: InsightSettings, currency: string) => G[];
  read: (groups: G[], currency: string) => Partial<InsightSettings>;
  blank: (others: G[]) => G;
  /** The fields of its own. */
  Fields: ComponentType<{ form: ServerForm<GroupsValues<G>>; at: number; currency: string }>;
}

interface Props<G extends Group> {
  list: GoodsList<G>;
  onClose: () => void;
}

/** Groups of goods with what is said of each. */
export function GoodsSettings<G extends Group>({ list, onClose }: Props<G>) {
  const { title } = list.useWords();
  const settings = useQuery(settingsQuery);
  return (
    <SidePanel opened onClose={onClose} title={title} size="lg">
      <Waiting query={settings} />
      {settings.data && <Editor settings={settings.data} list={list} onClose={onClose} />}
    </SidePanel>
  );
}

function Editor<G extends Group>({ settings, list, onClose }: Props<G> & { settings: Settings }) {
  const words = list.useWords();
  const client = useQueryClient();
  const { currency } = settings;
  const valuesOf = (now: Settings): GroupsValues<G> => ({
    groups: list.typed(now.settings.insight, currency),
  });
  const form = useServerForm<GroupsValues<G>, Settings>({
    initial: valuesOf(settings),
    version: settings.version,
    schema: list.schema,
    save: async (values, version) => {
      try {
        return await ok(
          api.PATCH("/settings", {
            params: { header: ifMatch(version) },
            body: { settings: { insight: list.read(values.groups, currency) } },
          }),
        );
      } catch (error) {
        throw nearer(error, list.member);
      }
    },
    reload: async () => {
      const now = await ok(api.GET("/settings", {}));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: (saved) => {
      client.setQueryData(settingsQuery.queryKey, saved);
      toast.done(words.saved);
      for (const resource of ["insight", "jobs"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onClose();
    },
  });
  const { groups } = form.values;
  return (
    <Form form={form}>
      <Text size="sm" c="dimmed">
        {words.about}
      </Text>
      {groups.map((one, at) => (
        <OneGroup
          key={one.key}
          form={form}
          at={at}
          list={list}
          currency={currency}
          onRemove={() => form.set("groups", groups.filter((other) => other.key !== one.key) as never)}
        />
      ))}
      <Button
        variant="default"
        w="fit-content"
        leftSection={<IconPlus size={16} />}
        onClick={() => form.set("groups", [...groups, list.blank(groups)] as never)}
      >
        {words.add}
      </Button>
      <FormActions form={form} onCancel={onClose} />
    </Form>
  );
}

interface GroupProps<G extends Group> {
  form: ServerForm<GroupsValues<G>>;
  at: number;
  list: GoodsList<G>;
  currency: string;
  onRemove: () => void;
}

function OneGroup<G extends Group>({ form, at, list, currency, onRemove }: GroupProps<G>) {
  const { t } = useTranslation("goods");
  const { nth } = list.useWords();
  const { categories } = useGroupOptions();
  const one = form.values.groups[at];
  if (!one) return null;
  const field = (name: string) => form.field(`groups.${at}.${name}`);
  const title = one.name_zh || one.name_en || nth(at + 1);
  return (
    <section aria-label={title}>
      <Row justify="space-between" wrap="nowrap" mb={4}>
        <Text component="h3" fw={650} m={0}>
          {title}
        </Text>
        <IconButton label={t("remove", { name: title })} onClick={onRemove}>
          <IconTrash size={16} />
        </IconButton>
      </Row>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput label={t("name_zh")} required {...field("name_zh")} />
        <TextInput label={t("name_en")} required {...field("name_en")} />
        <list.Fields form={form} at={at} currency={currency} />
        <MultiSelect label={t("categories")} data={categories} searchable {...field("category_ids")} />
        <ProductsField
          value={one.product_ids}
          onChange={(ids) => form.set(`groups.${at}.product_ids`, ids as never)}
        />
      </SimpleGrid>
    </section>
  );
}

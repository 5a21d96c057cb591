import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { segmentsQuery } from "@/features/segments";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Dialog, MultiSelect, Select, Stack, TextInput } from "@/shared/ui";
import { type Clustering, divide, FEATURES, type Feature, USUAL } from "./queries";

interface Props {
  onClose: () => void;
  onMade: (made: Clustering) => void;
}

interface Values extends Record<string, unknown> {
  name: string;
  features: Feature[];
  segment_id: string;
  groups: string;
}

const NONE = "";
const NUMBERS = Array.from({ length: 19 }, (_, at) => String(at + 2));

/** Who is to be divided, by what, and into how many groups. */
export default function NewClusters({ onClose, onMade }: Props) {
  const { t } = useTranslation("clusters");
  const segments = useQuery(segmentsQuery);
  const form = useServerForm<Values, Clustering>({
    initial: { name: t("name_default"), features: USUAL, segment_id: NONE, groups: NONE },
    schema: z.object({ name: rules.required() }),
    save: ({ name, features, segment_id, groups }) =>
      divide({
        name,
        features,
        segment_id: segment_id === NONE ? null : segment_id,
        groups: groups === NONE ? null : Number(groups),
      }),
    onSaved: onMade,
  });
  return (
    <Dialog opened onClose={onClose} title={t("new")} size="md">
      <Form form={form}>
        <Stack gap="sm">
          <TextInput label={t("name")} data-autofocus required {...form.field("name")} />
          <MultiSelect
            label={t("features")}
            description={t("features_hint")}
            required
            maxValues={8}
            data={FEATURES.map((value) => ({ value, label: t(`feature.${value}`) }))}
            {...form.field("features")}
          />
          <Select
            label={t("whom")}
            allowDeselect={false}
            searchable
            data={[
              { value: NONE, label: t("everyone") },
              ...(segments.data ?? []).map((one) => ({ value: one.id, label: one.name })),
            ]}
            {...form.field("segment_id")}
          />
          <Select
            label={t("how_many")}
            description={t("how_many_hint")}
            allowDeselect={false}
            data={[
              { value: NONE, label: t("propose") },
              ...NUMBERS.map((value) => ({ value, label: value })),
            ]}
            {...form.field("groups")}
          />
        </Stack>
        <FormActions form={form} onCancel={onClose} verb={t("divide")} />
      </Form>
    </Dialog>
  );
}

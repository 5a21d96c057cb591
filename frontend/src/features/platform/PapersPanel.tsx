import { useTranslation } from "react-i18next";
import type { ServerForm } from "@/shared/form";
import { Panel, Stack, Textarea } from "@/shared/ui";
import type { CompanyValues } from "./CompanyForm";

const TEXTS = ["letterhead", "quote_terms", "order_terms"] as const;

/** What quotes and orders say when they are printed. */
export default function PapersPanel({ form }: { form: ServerForm<CompanyValues> }) {
  const { t } = useTranslation("admin");
  return (
    <Panel title={t("papers.title")}>
      <Stack>
        {TEXTS.map((name) => (
          <Textarea
            key={name}
            label={t(`papers.${name}`)}
            description={t(`papers.${name}_hint`)}
            autosize
            minRows={2}
            maxRows={8}
            {...form.field(`settings.papers.${name}`)}
          />
        ))}
      </Stack>
    </Panel>
  );
}

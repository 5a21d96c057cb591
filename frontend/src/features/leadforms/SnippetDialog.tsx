import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Alert, Anchor, CopyField, Dialog, Stack, Text, Textarea, Waiting } from "@/shared/ui";
import { type LeadForm, snippetQuery } from "./queries";

/** Where a form stands on this server, and what to copy into a page of one's own. */
export default function SnippetDialog({ form, onClose }: { form: LeadForm; onClose: () => void }) {
  const { t } = useTranslation("leadforms");
  const snippet = useQuery(snippetQuery(form.id));
  const origin = window.location.origin;
  return (
    <Dialog opened onClose={onClose} title={t("embed_one", { name: form.name })} size="lg">
      <Stack>
        {!form.active && (
          <Alert color="ember" variant="light">
            {t("inactive")}
          </Alert>
        )}
        <CopyField label={t("own_page")} value={origin + form.path} />
        <Anchor href={form.path} target="_blank" rel="noreferrer" size="sm">
          {t("open_page")}
        </Anchor>
        <Waiting query={snippet} rows={4} />
        {snippet.data && (
          <Textarea
            label={t("snippet")}
            description={t("snippet_hint")}
            value={snippet.data}
            readOnly
            minRows={6}
            maxRows={14}
            autosize
            onFocus={(event) => event.currentTarget.select()}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12 } }}
          />
        )}
        <CopyField label={t("endpoint")} value={`${origin}/api/v1/public/lead-forms/${form.key}`} />
        <Text size="sm" c="dimmed">
          {t("endpoint_hint")}
        </Text>
      </Stack>
    </Dialog>
  );
}

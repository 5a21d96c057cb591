import { IconFileSpreadsheet, IconUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type DragEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { Alert, Loader, Page, PageHeader, Panel, SegmentedControl, Stack, Text, TextLink } from "@/shared/ui";
import { problemText } from "@/shared/ui/States";
import classes from "./Imports.module.css";
import { importQuery, uploadFile } from "./queries";
import { RESOURCES, type Resource } from "./types";

/** The first step: what the file holds, and the file. */
export function NewImportPage() {
  const { t } = useTranslation("imports");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ from: "/_app/imports/new" });
  const [resource, setResource] = useState<Resource>(search.resource ?? "customers");
  const [over, setOver] = useState(false);
  const input = useId();
  const upload = useMutation({
    mutationFn: (file: File) => uploadFile(resource, file),
    meta: { quiet: true },
    onSuccess: (made) => {
      client.setQueryData(importQuery(made.id).queryKey, made);
      void client.invalidateQueries({ queryKey: keys.list("imports") });
      void navigate({ to: "/imports/$id", params: { id: made.id } });
    },
  });
  const take = (file: File | undefined) => {
    if (file && !upload.isPending) upload.mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <Page width="narrow">
      <PageHeader
        title={t("new")}
        eyebrow={<TextLink to="/imports">{t("title")}</TextLink>}
        description={t("new_hint")}
      />
      <Panel>
        <Stack>
          <SegmentedControl
            aria-label={t("resource_label")}
            value={resource}
            onChange={(value) => setResource(value as Resource)}
            data={RESOURCES.map((value) => ({ value, label: t(`resource.${value}`) }))}
          />
          <Text size="sm" c="dimmed">
            {t(`resource_hint.${resource}`)}
          </Text>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the file field inside does the same by keyboard */}
          <div
            className={classes.drop}
            data-over={over || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          >
            {upload.isPending ? (
              <>
                <Loader size="md" />
                <Text role="status">
                  {t("uploading", { name: upload.variables.name, size: f.bytes(upload.variables.size) })}
                </Text>
              </>
            ) : (
              <>
                <IconFileSpreadsheet size={36} stroke={1.3} aria-hidden="true" />
                <Text fw={600}>{t("drop")}</Text>
                <label htmlFor={input} className={classes.choose}>
                  <IconUpload size={16} aria-hidden="true" />
                  {t("choose")}
                </label>
                <input
                  id={input}
                  type="file"
                  className={classes.file}
                  accept=".csv,.txt,.tsv,.xlsx,text/csv,text/plain,text/tab-separated-values,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                  onChange={(event) => take(event.currentTarget.files?.[0])}
                />
                <Text size="sm" c="dimmed">
                  {t("formats")}
                </Text>
              </>
            )}
          </div>
          {upload.isError && (
            <Alert color="red" variant="light" role="alert" title={t("refused")}>
              {problemText(upload.error, t)}
            </Alert>
          )}
        </Stack>
      </Panel>
    </Page>
  );
}

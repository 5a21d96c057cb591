import { IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useJob } from "@/features/platform";
import { useFormat } from "@/shared/format";
import {
  Alert,
  Button,
  Confirm,
  ListSkeleton,
  Page,
  PageHeader,
  Panel,
  Stack,
  TextLink,
  Waiting,
} from "@/shared/ui";
import classes from "./Imports.module.css";
import { ProgressStep } from "./ProgressStep";
import { busy, deleteImport, importQuery } from "./queries";
import type { Import } from "./types";

// One step is shown at a time.
const MappingStep = lazy(() => import("./MappingStep").then((module) => ({ default: module.MappingStep })));
const CheckStep = lazy(() => import("./CheckStep").then((module) => ({ default: module.CheckStep })));
const ResultStep = lazy(() => import("./ResultStep").then((module) => ({ default: module.ResultStep })));

/** Where each state of an import stands in the wizard. */
const STEP: Record<Import["status"], number> = {
  uploaded: 1,
  failed: 1,
  cancelled: 1,
  checking: 2,
  checked: 2,
  running: 3,
  done: 4,
  undoing: 4,
  undone: 4,
};

/** One import from file to result. Its state is the server's: leaving and coming back lands on the same step. */
export function ImportPage() {
  const { id } = useParams({ from: "/_app/imports/$id" });
  const one = useQuery(importQuery(id));
  if (one.data) return <Wizard key={id} row={one.data} />;
  return (
    <Page width="regular">
      <Waiting query={one} rows={10} />
    </Page>
  );
}

function Wizard({ row }: { row: Import }) {
  const { t } = useTranslation("imports");
  const f = useFormat();
  const [back, setBack] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const job = useJob(row.status === "failed" ? row.job_id : undefined).data;
  // Stopped on the way with rows written: to be continued or taken back; with none, to be begun anew.
  const halfway = row.undoable && row.status !== "done";
  const step = back && row.status === "checked" ? 1 : halfway ? 3 : STEP[row.status];
  const put = (next: Import) => client.setQueryData(importQuery(row.id).queryKey, next);
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("imports") });
  return (
    <Page width="regular">
      <PageHeader
        title={row.file_name}
        eyebrow={<TextLink to="/imports">{t("title")}</TextLink>}
        description={`${t(`resource.${row.resource}`)} · ${f.bytes(row.size)} · ${f.dateTime(row.created_at)}`}
        actions={
          !busy(row) &&
          row.status !== "done" &&
          row.status !== "undone" && (
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={16} />}
              onClick={() => setDeleting(true)}
            >
              {t("discard")}
            </Button>
          )
        }
      />
      <ol className={classes.steps} aria-label={t("steps")}>
        {["file", "map", "check", "run", "result"].map((name, index) => (
          <li
            key={name}
            aria-current={index === step ? "step" : undefined}
            data-done={index < step || undefined}
          >
            {t(`step.${name}`)}
          </li>
        ))}
      </ol>
      {row.status === "failed" && (
        <Alert color="red" variant="light" role="alert" title={t("failed")}>
          {job?.error?.detail ?? job?.error?.title ?? (halfway ? t("stopped") : t("failed_hint"))}
        </Alert>
      )}
      {row.status === "cancelled" && (
        <Alert color="yellow" variant="light">
          {t(halfway ? "stopped" : "cancelled")}
        </Alert>
      )}
      <Panel>
        <Stack gap="lg">
          <Suspense fallback={<ListSkeleton rows={8} />}>
            {step === 1 && (
              <MappingStep
                row={row}
                onChanged={put}
                onChecking={() => {
                  setBack(false);
                  void refresh();
                }}
              />
            )}
            {step === 2 && row.status === "checking" && <ProgressStep row={row} title={t("checking")} />}
            {step === 2 && row.status === "checked" && (
              <CheckStep row={row} onBack={() => setBack(true)} onRunning={() => void refresh()} />
            )}
            {step === 3 && row.status === "running" && <ProgressStep row={row} title={t("running")} />}
            {(step === 4 || halfway) && <ResultStep row={row} onChanged={() => void refresh()} />}
          </Suspense>
        </Stack>
      </Panel>
      <Confirm
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t("discard_title")}
        verb={t("discard")}
        danger
        onConfirm={async () => {
          await deleteImport(row);
          await navigate({ to: "/imports" });
          await refresh();
        }}
      >
        {t("discard_hint")}
      </Confirm>
    </Page>
  );
}

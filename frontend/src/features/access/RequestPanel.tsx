import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema, useMe } from "@/api";
import { useFormat } from "@/shared/format";
import { Alert, Button, Group, SidePanel, Stack, Text, Textarea } from "@/shared/ui";
import { problemText } from "@/shared/ui/States";
import type { AccountRequest } from "./accountRequests";
import { userQuery } from "./queries";

const HandOver = lazy(() => import("./HandOver"));

interface PanelProps {
  request: AccountRequest;
  onClose: () => void;
  onChanged: (request: AccountRequest) => void;
}

/** What is asked for, how far it has come, and what the reader may do about it. */
export default function RequestPanel({ request, onClose, onChanged }: PanelProps) {
  const { t } = useTranslation(["accounts", "admin", "grid"]);
  const f = useFormat();
  const [note, setNote] = useState("");
  const [handing, setHanding] = useState(false);
  const path = { id: request.id };
  const me = useMe();
  // Whoever asked may take it back or refuse it, but not approve it; nor whom it is about.
  const others = request.asked_by.id !== me.id && request.user?.id !== me.id;
  const decide = useMutation({
    mutationFn: (approved: boolean) =>
      ok(
        api.POST("/account-requests/{id}/decision", {
          params: { path },
          body: { approved, note: note.trim() || null },
        }),
      ),
    onSuccess: onChanged,
    meta: { quiet: true },
  });
  const withdraw = useMutation({
    mutationFn: () => ok(api.POST("/account-requests/{id}/withdrawal", { params: { path } })),
    onSuccess: onChanged,
    meta: { quiet: true },
  });
  const complete = useMutation({
    mutationFn: (heirs: Schema<"Heir">[]) =>
      ok(api.POST("/account-requests/{id}/completion", { params: { path }, body: { heirs } })),
    onSuccess: onChanged,
    meta: { quiet: true },
  });
  const fault = decide.error ?? withdraw.error ?? (request.kind === "leave" ? null : complete.error);
  const leaves = request.kind === "leave" && request.may_complete;
  const leaver = useQuery({ ...userQuery(request.user?.id ?? ""), enabled: leaves && handing });
  const step = (who: { name: string } | null | undefined, at: string | null | undefined) =>
    who && at ? `${who.name} · ${f.dateTime(at)}` : undefined;
  const facts: [string, string | undefined | null][] = [
    [t("kind"), t(`kinds.${request.kind}`)],
    [t("person"), request.user?.name ?? request.account?.name],
    [t("admin:field.login"), request.account?.login],
    [t("unit"), request.unit.name],
    [t("new_place"), request.department?.name],
    [t("admin:field.roles"), request.roles.map((role) => role.name).join(t("grid:list_separator"))],
    [t("last_day"), request.last_day && f.date(request.last_day)],
    [t("reason"), request.reason],
    [t("asked"), step(request.asked_by, request.asked_at)],
    [t("decided"), step(request.decided_by, request.decided_at)],
    [t("note"), request.decision_note],
    [t("done"), step(request.done_by, request.done_at)],
    [t("days"), t("days_count", { count: request.working_days })],
  ];
  return (
    <SidePanel
      opened
      onClose={onClose}
      title={`${t(`kinds.${request.kind}`)} · ${t(`statuses.${request.status}`)}`}
    >
      <Stack>
        <dl style={{ display: "grid", gridTemplateColumns: "auto 1fr", gap: "0.375rem 1rem", margin: 0 }}>
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name} style={{ display: "contents" }}>
                <Text component="dt" c="dimmed">
                  {name}
                </Text>
                <Text component="dd" m={0} style={{ overflowWrap: "anywhere" }}>
                  {value}
                </Text>
              </div>
            ))}
        </dl>
        {fault && (
          <Alert color="red" variant="light" role="alert">
            {problemText(fault, t)}
          </Alert>
        )}
        {request.may_decide && (
          <Textarea
            label={t("note")}
            autosize
            minRows={2}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="xs">
          {request.may_withdraw && (
            <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
              {t("withdraw")}
            </Button>
          )}
          {request.may_decide && (
            <Button
              variant="default"
              loading={decide.isPending && decide.variables === false}
              onClick={() => decide.mutate(false)}
            >
              {t("refuse")}
            </Button>
          )}
          {request.may_decide && request.status === "asked" && others && (
            <Button
              loading={decide.isPending && decide.variables === true}
              onClick={() => decide.mutate(true)}
            >
              {t("approve")}
            </Button>
          )}
          {request.may_complete && (
            <Button
              loading={complete.isPending}
              onClick={() => (leaves ? setHanding(true) : complete.mutate([]))}
            >
              {t(`complete.${request.kind}`)}
            </Button>
          )}
        </Group>
      </Stack>
      {handing && leaver.data && (
        <Suspense>
          <HandOver
            user={leaver.data}
            onClose={() => setHanding(false)}
            settle={(heirs) => complete.mutateAsync(heirs).then(() => undefined)}
          />
        </Suspense>
      )}
    </SidePanel>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Schema, useCan, whole } from "@/api";
import { JobProgress, underWay, useJob } from "@/features/platform";
import { useFormat } from "@/shared/format";
import { Alert, Button, Checkbox, Dialog, Group, Select, Stack, Text, Waiting } from "@/shared/ui";
import { problemText } from "@/shared/ui/States";
import type { User } from "./queries";

type Holding = Schema<"Holding">;

const placeOf = (one: Holding) => `${one.kind}:${one.unit.id}`;

/** Everything that tells whose a record is. */
const CHANGED = ["users", "people", "customers", "orders", "segments", "views", "departments", "today"];

interface HandOverProps {
  user: User;
  onClose: () => void;
  /** Ends the account through a request for it, instead of by itself. */
  settle?: (heirs: Schema<"Heir">[]) => Promise<void>;
}

/** A leaver's hand-over: what the person holds, who gets each kind of it, and the end of the account. */
export default function HandOver({ user, onClose, settle }: HandOverProps) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const mayEnd = useCan("access:user:write") && user.active;
  const [heirs, setHeirs] = useState<Record<string, string>>({});
  const [ends, setEnds] = useState(mayEnd);
  const held = useQuery({
    queryKey: keys.part("users", user.id, "holdings"),
    queryFn: ({ signal }) =>
      ok(api.GET("/users/{id}/holdings", { params: { path: { id: user.id } }, signal })),
    // It is looked at to decide now.
    staleTime: 0,
  });
  const items = held.data?.items ?? [];
  const run = useMutation({
    mutationFn: async () => {
      const chosen = items.flatMap((one) => {
        const heir = heirs[placeOf(one)];
        return heir ? [{ kind: one.kind, unit_id: one.unit.id, user_id: heir }] : [];
      });
      if (settle) {
        await settle(chosen);
        return undefined;
      }
      const body = { deactivate: ends, heirs: chosen };
      return ok(api.POST("/users/{id}/handover", { params: { path: { id: user.id } }, body }));
    },
    meta: { quiet: true },
  });
  const job = useJob(run.data?.id).data ?? run.data;
  const over = job !== undefined && !underWay(job);
  useEffect(() => {
    if (!over) return;
    for (const resource of CHANGED) void client.invalidateQueries({ queryKey: keys.of(resource) });
  }, [over, client]);
  const named = items.filter((one) => heirs[placeOf(one)]).length;
  const ready = ends ? named === items.length : named > 0;

  return (
    <Dialog opened onClose={onClose} title={t("handover.title", { name: user.name })} size="lg">
      <Stack>
        <Waiting query={held} rows={3} />
        {held.data && !job && (
          <>
            <Text size="sm">{t(items.length > 0 ? "handover.choose" : "handover.nothing")}</Text>
            <Heirs user={user} items={items} heirs={heirs} onChange={setHeirs} />
            {mayEnd && !settle && (
              <Checkbox
                checked={ends}
                onChange={(event) => setEnds(event.currentTarget.checked)}
                label={t("handover.end")}
                description={t("handover.ends", {
                  jobs: held.data.jobs,
                  keys: held.data.keys,
                  sessions: held.data.sessions,
                })}
              />
            )}
          </>
        )}
        {run.isError && (
          <Alert color="red" role="alert" variant="light">
            {problemText(run.error, t)}
          </Alert>
        )}
        {job && <JobProgress job={job} />}
        {job && (
          <Text size="sm" c="dimmed">
            {t(over ? "handover.done" : "handover.goes_on")}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t(job ? "common:action.close" : "common:action.cancel")}
          </Button>
          {!job && (
            <Button
              color={ends ? "red" : undefined}
              disabled={!ready}
              loading={run.isPending}
              onClick={() => run.mutate()}
            >
              {t(ends ? "handover.verb_end" : "handover.verb")}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

interface HeirsProps {
  user: User;
  items: Holding[];
  heirs: Record<string, string>;
  onChange: (heirs: Record<string, string>) => void;
}

/** One line a kind and unit; whoever is chosen first is offered for the rest as well. */
function Heirs({ user, items, heirs, onChange }: HeirsProps) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const units = useMemo(() => [...new Set(items.map((one) => one.unit.id))].sort(), [items]);
  const people = useQuery({
    queryKey: keys.list("users", `active:${units.join()}`),
    enabled: units.length > 0,
    queryFn: ({ signal }) =>
      whole((query) =>
        ok(
          api.GET("/users", {
            params: { query: { ...query, "filter[active]": "true" } as typeof query },
            signal,
          }),
        ),
      ),
  });
  const of = (unit: string) =>
    (people.data ?? [])
      .filter((one) => one.active && one.unit?.id === unit && one.id !== user.id)
      .map((one) => ({ value: one.id, label: one.name }));
  const choose = (one: Holding, heir: string | null) => {
    const next = { ...heirs };
    if (heir === null) {
      delete next[placeOf(one)];
    } else {
      const same = items.filter((other) => other.unit.id === one.unit.id && !heirs[placeOf(other)]);
      for (const other of same) next[placeOf(other)] = heir;
      next[placeOf(one)] = heir;
    }
    onChange(next);
  };
  return (
    <>
      {items.map((one) => (
        <Select
          key={placeOf(one)}
          searchable
          clearable
          label={t("handover.line", {
            kind: t(`handover.kind.${one.kind}`),
            count: f.number(one.count),
            unit: one.unit.name,
          })}
          placeholder={t("handover.heir")}
          nothingFoundMessage={t("handover.nobody")}
          data={of(one.unit.id)}
          value={heirs[placeOf(one)] ?? null}
          onChange={(heir) => choose(one, heir)}
        />
      ))}
    </>
  );
}

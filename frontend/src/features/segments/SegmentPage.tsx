import { IconPencil, IconUserMinus, IconUserPlus, IconUsersGroup } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Condition, keys, useCan } from "@/api";
import { BulkBar, patchCustomer, readCustomer, useCustomerColumns } from "@/features/customers";
import { useExport } from "@/features/imports";
import { useConditionFields } from "@/shared/condition";
import { useFieldSave } from "@/shared/form";
import { ListView, partsOf, type Selection, useChipText } from "@/shared/grid";
import {
  Button,
  ButtonLink,
  ConfirmDelete,
  DeleteButton,
  EmptyState,
  Page,
  PageHeader,
  TextLink,
  toast,
  Waiting,
} from "@/shared/ui";
import { addMembers, deleteSegment, fetchMembers, removeMembers, segmentQuery } from "./queries";
import classes from "./Segments.module.css";
import type { Segment } from "./types";
import { membership } from "./words";

const AddMember = lazy(() => import("./AddMember"));

export function SegmentPage() {
  const { id } = useParams({ from: "/_app/segments/$id/" });
  const segment = useQuery(segmentQuery(id));
  if (segment.data) return <Shown key={id} segment={segment.data} />;
  return (
    <Page>
      <Waiting query={segment} />
    </Page>
  );
}

function Shown({ segment }: { segment: Segment }) {
  const { t } = useTranslation("segments");
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useCan("engage:segment:write") && segment.editable !== false;
  const mayEdit = useCan("customers:customer:write");
  const mayAssign = useCan("customers:customer:assign");
  const [doing, setDoing] = useState<"add" | "delete">();
  const exporting = useExport("customers", segment.id);
  const fields = useConditionFields("customers");
  const saver = useFieldSave({
    read: readCustomer,
    patch: patchCustomer,
    onSaved: (row) => void client.invalidateQueries({ queryKey: keys.one("customers", row.id) }),
  });
  const columns = useCustomerColumns(saver, mayEdit, fields);
  const fetch = useMemo(() => fetchMembers(segment.id), [segment.id]);
  const byHand = segment.kind === "static";
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.of("segments") });
    void client.invalidateQueries({ queryKey: keys.list("customers").slice(0, 2) });
  };
  return (
    <Page width="full">
      <PageHeader
        title={segment.name}
        eyebrow={<TextLink to="/segments">{t("title")}</TextLink>}
        description={<Definition segment={segment} />}
        actions={
          mayWrite && (
            <>
              <DeleteButton onClick={() => setDoing("delete")} />
              <ButtonLink
                variant={byHand ? "default" : "filled"}
                to="/segments/$id/edit"
                params={{ id: segment.id }}
                leftSection={<IconPencil size={16} />}
              >
                {t("common:action.edit")}
              </ButtonLink>
              {byHand && (
                <Button leftSection={<IconUserPlus size={16} />} onClick={() => setDoing("add")}>
                  {t("add_member")}
                </Button>
              )}
            </>
          )
        }
      />
      <ListView
        resource="customers"
        label={t("members_of", { name: segment.name })}
        columns={columns}
        fields={fields}
        fetch={fetch}
        scope={segment.id}
        open={(row) => ({ to: "/customers/$id", params: { id: row.id } })}
        name={(row) => row.name}
        bulk={
          mayAssign || exporting.start || (byHand && mayWrite)
            ? (selection) => (
                <>
                  {byHand && mayWrite && (
                    <RemoveButton segment={segment} selection={selection} onDone={refresh} />
                  )}
                  <BulkBar
                    selection={{ ...selection, filter: inSegment(segment, selection.filter) }}
                    mayChange={mayAssign}
                    onExport={exporting.start}
                    segment={segment.id}
                  />
                </>
              )
            : undefined
        }
        onExport={exporting.onExport}
        empty={
          <EmptyState icon={<IconUsersGroup size={28} stroke={1.5} />} title={t("no_members")}>
            {t(byHand ? "no_members_static" : "no_members_dynamic")}
          </EmptyState>
        }
      />
      {saver.dialog}
      <Suspense>
        {doing === "add" && (
          <AddMember segment={segment} onClose={() => setDoing(undefined)} onAdded={refresh} />
        )}
      </Suspense>
      {exporting.dialog}
      <ConfirmDelete
        opened={doing === "delete"}
        onClose={() => setDoing(undefined)}
        title={t("delete_title", { name: segment.name })}
        onConfirm={async () => {
          await deleteSegment(segment);
          await navigate({ to: "/segments" });
          await client.invalidateQueries({ queryKey: keys.of("segments") });
        }}
      >
        {t("delete_hint")}
      </ConfirmDelete>
    </Page>
  );
}

/** "Everything" in a segment's list means its members: the condition, or the list, joined to the filter. */
function inSegment(segment: Segment, filter: Condition | undefined): Condition {
  const own = membership(segment);
  return filter ? { all: [own, filter] } : own;
}

function Definition({ segment }: { segment: Segment }) {
  const { t } = useTranslation("segments");
  const fields = useConditionFields("customers");
  const chip = useChipText(fields);
  return (
    <span className={classes.condition}>
      {segment.description && <span>{segment.description}</span>}
      {segment.kind === "static" ? (
        <span className={classes.chip}>{t("static")}</span>
      ) : (
        partsOf(segment.condition ?? undefined).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two equal conditions may stand side by side
          <span key={index} className={classes.chip}>
            {chip(part)}
          </span>
        ))
      )}
      {segment.shared && <span className={classes.chip}>{t("shared")}</span>}
      <span>{segment.owner.name}</span>
    </span>
  );
}

interface RemoveProps {
  segment: Segment;
  selection: Selection;
  onDone: () => void;
}

function RemoveButton({ segment, selection, onDone }: RemoveProps) {
  const { t } = useTranslation("segments");
  const remove = useMutation({
    mutationFn: () =>
      removeMembers(
        segment.id,
        selection.everything
          ? { filter: inSegment(segment, selection.filter), q: selection.q }
          : { ids: selection.ids },
      ),
    onSuccess: () => {
      const { ids, everything } = selection;
      selection.clear();
      onDone();
      if (everything) return toast.done(t("removed"));
      toast.undo(
        t("removed"),
        t("common:action.undo"),
        () => void addMembers(segment.id, { ids }).then(onDone, toast.problem),
      );
    },
  });
  return (
    <Button
      variant="default"
      size="compact-md"
      leftSection={<IconUserMinus size={16} stroke={1.6} />}
      loading={remove.isPending}
      onClick={() => remove.mutate()}
    >
      {t("remove_members")}
    </Button>
  );
}

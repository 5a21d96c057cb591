/** The lists a template is made of, each edited row by row. */
import { IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { directoryQuery, rolesQuery } from "@/features/access";
import type { ServerForm } from "@/shared/form";
import { Button, IconButton, MultiSelect, Stack, Switch, Text, TextInput } from "@/shared/ui";
import classes from "./Qualification.module.css";
import type { Values } from "./TemplatePanel";
import type { Definition } from "./types";

type Form = ServerForm<Values>;
type List = "criteria" | "steps" | "contracts" | "approvals";

interface RowsProps<L extends List> {
  form: Form;
  list: L;
  title: string;
  hint?: string;
  add: string;
  blank: Definition[L][number];
  /** At least so many stay. */
  least?: number;
  children: (index: number) => ReactNode;
}

function Rows<L extends List>({ form, list, title, hint, add, blank, least = 0, children }: RowsProps<L>) {
  const { t } = useTranslation("qualifications");
  const rows = form.values.definition[list] as Definition[L][number][];
  const set = (next: Definition[L][number][]) => form.set(`definition.${list}`, next as never);
  const up = (at: number) => set(rows.toSpliced(at - 1, 2, rows[at] as never, rows[at - 1] as never));
  return (
    <Stack gap="xs">
      <div>
        <Text fw={600}>{title}</Text>
        {hint && <p className={classes.sub}>{hint}</p>}
      </div>
      {rows.map((_row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity before they are saved
        <div key={index} className={classes.editRow}>
          <Stack gap={6}>{children(index)}</Stack>
          <IconButton label={t("move_up")} disabled={index === 0} onClick={() => up(index)}>
            <IconArrowUp size={16} />
          </IconButton>
          <IconButton
            label={t("common:action.remove")}
            disabled={rows.length <= least}
            onClick={() => set(rows.toSpliced(index, 1))}
          >
            <IconX size={16} />
          </IconButton>
        </div>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => set([...rows, blank])}
      >
        {add}
      </Button>
    </Stack>
  );
}

export function CriteriaEdit({ form }: { form: Form }) {
  const { t } = useTranslation("qualifications");
  return (
    <Rows
      form={form}
      list="criteria"
      title={t("criteria")}
      add={t("add_criterion")}
      blank={{ key: "", label: "", required: true }}
    >
      {(at) => (
        <>
          <TextInput aria-label={t("criterion")} {...form.field(`definition.criteria.${at}.label`)} />
          <Switch
            size="xs"
            label={t("required")}
            {...form.field(`definition.criteria.${at}.required`, { type: "checkbox" })}
          />
        </>
      )}
    </Rows>
  );
}

export function StepsEdit({ form }: { form: Form }) {
  const { t } = useTranslation("qualifications");
  return (
    <Rows
      form={form}
      list="steps"
      title={t("steps")}
      hint={t("steps_hint")}
      add={t("add_step")}
      blank={{ key: "", label: "" }}
    >
      {(at) => (
        <>
          <TextInput aria-label={t("step")} {...form.field(`definition.steps.${at}.label`)} />
          <TextInput
            size="xs"
            aria-label={t("guidance")}
            placeholder={t("guidance")}
            {...form.field(`definition.steps.${at}.guidance`)}
            value={form.values.definition.steps[at]?.guidance ?? ""}
          />
        </>
      )}
    </Rows>
  );
}

export function ContractsEdit({ form }: { form: Form }) {
  const { t } = useTranslation("qualifications");
  return (
    <Rows
      form={form}
      list="contracts"
      title={t("contracts")}
      hint={t("contracts_hint")}
      add={t("add_contract")}
      blank={{ key: "", label: "", required: true }}
    >
      {(at) => (
        <>
          <TextInput aria-label={t("contract")} {...form.field(`definition.contracts.${at}.label`)} />
          <Switch
            size="xs"
            label={t("required")}
            {...form.field(`definition.contracts.${at}.required`, { type: "checkbox" })}
          />
        </>
      )}
    </Rows>
  );
}

export function ApprovalsEdit({ form }: { form: Form }) {
  const { t } = useTranslation("qualifications");
  const roles = (useQuery(rolesQuery).data ?? []).map((role) => ({ value: role.id, label: role.name }));
  const people = useQuery(directoryQuery).data ?? [];
  return (
    <Rows
      form={form}
      list="approvals"
      title={t("approval")}
      hint={t("approvals_hint")}
      add={t("add_approval")}
      blank={{ label: "", role_ids: [], user_ids: [] }}
      least={1}
    >
      {(at) => (
        <>
          <TextInput aria-label={t("approval")} {...form.field(`definition.approvals.${at}.label`)} />
          <MultiSelect
            size="xs"
            searchable
            label={t("approver_roles")}
            data={roles}
            {...form.field(`definition.approvals.${at}.role_ids`)}
          />
          <MultiSelect
            size="xs"
            searchable
            label={t("approver_people")}
            data={people}
            {...form.field(`definition.approvals.${at}.user_ids`)}
          />
        </>
      )}
    </Rows>
  );
}

import { IconBuilding, IconPlus, IconTrash, IconUser } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { keys } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { Dialog, Group, IconButton, Panel, Select, Switch, TextInput, TextLink } from "@/shared/ui";
import { DateField } from "@/shared/ui/dates";
import classes from "./CustomerPage.module.css";
import { CustomerPicker } from "./CustomerPicker";
import { useDictionary } from "./choices";
import { addRelation, deleteRelation } from "./commands";
import type { Customer, Relation } from "./types";

interface Props {
  customer: Customer;
  relations: Relation[];
  mayWrite: boolean;
}

/** Who belongs to whom: family, employer, purchaser, referrer, with role and period. */
export function RelationsPanel({ customer, relations, mayWrite }: Props) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const roles = useDictionary("relation_role");
  const [adding, setAdding] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
  const remove = useMutation({ mutationFn: deleteRelation, onSuccess: refresh });
  const period = (one: Relation) =>
    [one.valid_from, one.valid_to].some(Boolean)
      ? `${one.valid_from ? f.date(one.valid_from) : ""} – ${one.valid_to ? f.date(one.valid_to) : ""}`
      : undefined;
  return (
    <Panel
      title={t("relations")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("add_relation")} onClick={() => setAdding(true)}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {relations.length === 0 && <p className={classes.nothing}>{t("no_relations")}</p>}
      <ul className={classes.rows}>
        {relations.map((one) => {
          const outward = one.from.id === customer.id;
          const other = outward ? one.to : one.from;
          const Icon = other.kind === "organization" ? IconBuilding : IconUser;
          return (
            <li key={one.id} className={classes.row}>
              <Icon size={15} className="dim" aria-hidden="true" style={{ alignSelf: "center" }} />
              <span className={classes.rowWords}>
                {other.name ? (
                  <TextLink to="/customers/$id" params={{ id: other.id }}>
                    {other.name}
                  </TextLink>
                ) : (
                  <span className="dim">{t("out_of_sight")}</span>
                )}
                <br />
                <span className={classes.sub}>
                  {t(outward ? "relation_to" : "relation_from", { role: roles.word(one.role) })}
                  {one.primary && ` · ${t("primary")}`}
                  {period(one) && ` · ${period(one)}`}
                  {one.note && ` · ${one.note}`}
                </span>
              </span>
              {mayWrite && (
                <IconButton
                  label={t("delete_relation", { name: other.name })}
                  onClick={() => remove.mutate(one)}
                  loading={remove.isPending && remove.variables?.id === one.id}
                >
                  <IconTrash size={15} />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      {adding && (
        <RelationDialog
          customer={customer}
          onClose={() => setAdding(false)}
          onSaved={() => {
            setAdding(false);
            void refresh();
          }}
        />
      )}
    </Panel>
  );
}

interface DialogProps {
  customer: Customer;
  onClose: () => void;
  onSaved: () => void;
}

function RelationDialog({ customer, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation("customers");
  const roles = useDictionary("relation_role");
  const form = useServerForm({
    initial: {
      to_id: null as string | null,
      role: null as string | null,
      primary: false,
      valid_from: null as string | null,
      valid_to: null as string | null,
      note: "",
    },
    schema: z.object({ to_id: rules.chosen(), role: rules.chosen() }),
    save: (values) => addRelation({ ...values, note: values.note || null, from_id: customer.id }),
    onSaved,
  });
  return (
    <Dialog opened onClose={onClose} title={t("add_relation")}>
      <Form form={form}>
        <CustomerPicker
          label={t("relation_whom")}
          required
          data-autofocus
          except={customer.id}
          value={form.values.to_id}
          onChange={(id) => form.set("to_id", id)}
          error={form.field("to_id").error}
        />
        <Select
          label={t("relation_role", { name: customer.name })}
          required
          searchable
          data={roles.options}
          {...form.field("role")}
        />
        <Group grow>
          <DateField
            label={t("valid_from")}
            value={form.values.valid_from}
            onChange={(date) => form.set("valid_from", date)}
          />
          <DateField
            label={t("valid_to")}
            value={form.values.valid_to}
            onChange={(date) => form.set("valid_to", date)}
          />
        </Group>
        <TextInput label={t("field.note")} {...form.field("note")} />
        <Switch label={t("primary")} {...form.field("primary", { type: "checkbox" })} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
